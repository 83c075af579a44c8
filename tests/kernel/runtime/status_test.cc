#include "runtime/status.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "os/process.h"
#include "os/socket.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

os::Process sleeper() {
    return *os::spawn(0, [] {
        for (;;)
            ::pause();
    });
}

struct Place {
    test::TempFolder folder = {};
    States states = *States::open(folder.path());

    void write(const std::string& id, pid_t pid) {
        StateFolder made = *states.make(id);
        State state;
        state.id = id;
        state.pid = pid;
        state.start_time = pid == 0 ? 0 : *os::start_time_of(pid);
        state.owner = ::geteuid();
        EXPECT_TRUE(test::succeeds(made.write(state)));
    }

    Status status(const std::string& id) { return look_up(states, id)->status; }
};

TEST(Status, IsRunningAsLongAsTheProcessLives) {
    Place place;
    os::Process process = sleeper();
    place.write("box", process.pid());
    EXPECT_EQ(place.status("box"), Status::running);
    ASSERT_TRUE(test::succeeds(process.signal(SIGKILL)));
    ASSERT_TRUE(test::succeeds(process.wait()));
    EXPECT_EQ(place.status("box"), Status::stopped);
}

TEST(Status, IsCreatedAsLongAsSomebodyWaitsAtTheGate) {
    Place place;
    const os::Process process = sleeper();
    place.write("box", process.pid());
    os::Fd gate = *os::listen_at(place.states.find("box")->fd(), kGate);
    EXPECT_EQ(place.status("box"), Status::created);
    gate.reset();
    EXPECT_TRUE(test::exists(place.folder.at("box/gate")));
    EXPECT_EQ(place.status("box"), Status::running);
}

TEST(Status, IsCreatingOnlyWhileSomebodyDoesThat) {
    Place place;
    {
        StateFolder maker = *place.states.make("box");
        State state;
        state.id = "box";
        state.made = false;
        ASSERT_TRUE(test::succeeds(maker.write(state)));
        EXPECT_EQ(place.status("box"), Status::creating);
        EXPECT_EQ(status_of(maker, state), Status::stopped) << "nobody else is at it";
    }
    EXPECT_EQ(place.status("box"), Status::stopped);
}

TEST(Status, TakesNoOtherProcessForTheContainers) {
    Place place;
    const os::Process process = sleeper();
    place.write("box", process.pid());
    State state = look_up(place.states, "box")->state;
    state.start_time += 1;
    ASSERT_TRUE(test::succeeds(place.states.find("box")->write(state)));
    EXPECT_EQ(place.status("box"), Status::stopped);
}

TEST(Status, IsListedForAllThatHaveARecord) {
    Place place;
    place.write("b", 0);
    place.write("a", 0);
    test::make_folder(place.folder.at("halfmade"));
    test::make_folder(place.folder.at("damaged"));
    test::make_file(place.folder.at("damaged/state.json"), "{");
    const Result<Listing> all = list(place.states);
    ASSERT_TRUE(test::succeeds(all));
    ASSERT_EQ(all->known.size(), 2U);
    EXPECT_EQ(all->known.front().state.id, "a");
    EXPECT_EQ(*list_document(all->known).items()[1]["owner"].as_string(), owner_name(::geteuid()));
    ASSERT_EQ(all->damaged.size(), 1U);
    EXPECT_TRUE(all->damaged[0].starts_with("the record of container 'damaged' is damaged: "));
}

TEST(Status, NamesAnOwnerThatNobodyKnowsByNumber) {
    EXPECT_EQ(owner_name(0), "root");
    EXPECT_EQ(owner_name(4'000'000'000U), "#4000000000");
}

}  // namespace
}  // namespace sbx::runtime
