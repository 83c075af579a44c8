#include "runtime/remove.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "os/process.h"
#include "runtime/status.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

void write(const States& states, pid_t pid) {
    const StateFolder made = *states.make("box");
    State state;
    state.id = "box";
    state.pid = pid;
    state.start_time = *os::start_time_of(pid);
    ASSERT_TRUE(test::succeeds(made.write(state)));
}

os::Process sleeper() {
    return *os::spawn(CLONE_NEWUSER | CLONE_NEWPID, [] {
        for (;;)
            ::pause();
    });
}

TEST(Remove, TakesAwayWhatHasEnded) {
    const test::TempFolder folder;
    const States states = *States::open(folder.path());
    {
        const os::Process process = sleeper();
        write(states, process.pid());
    }
    ASSERT_TRUE(test::succeeds(remove(states, "box", Force::no)));
    EXPECT_FALSE(test::exists(folder.at("box")));
    EXPECT_TRUE(remove(states, "box", Force::no).failed_as(Error::Kind::not_found));
    EXPECT_TRUE(test::succeeds(remove(states, "box", Force::yes)));
}

TEST(Remove, EndsWhatRunsOnlyWhenForced) {
    const test::TempFolder folder;
    const States states = *States::open(folder.path());
    const os::Process process = sleeper();
    const std::uint64_t started = *os::start_time_of(process.pid());
    write(states, process.pid());
    EXPECT_TRUE(test::fails_saying(remove(states, "box", Force::no), "not stopped: running"));
    ASSERT_TRUE(os::is_alive(process.pid(), started));
    ASSERT_TRUE(test::succeeds(remove(states, "box", Force::yes)));
    EXPECT_FALSE(os::is_alive(process.pid(), started));
    EXPECT_FALSE(test::exists(folder.at("box")));
}

TEST(Remove, EndsWhatItsCopyKnowsWhereTheRecordIsDamaged) {
    const test::TempFolder folder;
    const States states = *States::open(folder.path());
    os::Process process = sleeper();
    write(states, process.pid());
    const StateFolder made = *states.find("box");
    ASSERT_TRUE(test::succeeds(made.write_copy(*made.read())));
    for (const char* text : {"", "{", "[]", R"({"id":"box"})"}) {
        test::make_file(folder.at("box/state.json"), text);
        const Result<Warnings> removed = remove(states, "box", Force::no);
        EXPECT_TRUE(test::fails_saying(removed, "the record of container 'box' is damaged"));
        EXPECT_TRUE(removed.error().hint().contains("delete --force"));
        EXPECT_EQ(states.make("box").error().hint(), removed.error().hint());
    }
    const Result<Warnings> removed = remove(states, "box", Force::yes);
    ASSERT_TRUE(test::succeeds(removed));
    EXPECT_TRUE(removed->empty());
    EXPECT_EQ(process.wait()->code, 128 + SIGKILL);
    EXPECT_FALSE(test::exists(folder.at("box")));
}

TEST(Remove, SaysWhereNothingIsKnownOfWhatRuns) {
    const test::TempFolder folder;
    const States states = *States::open(folder.path());
    (void)*states.make("box");
    test::make_file(folder.at("box/state.json"), "{");
    const Result<Warnings> removed = remove(states, "box", Force::yes);
    ASSERT_TRUE(test::succeeds(removed));
    ASSERT_EQ(removed->size(), 1U);
    EXPECT_TRUE(removed->front().ends_with("; what still runs of it is not known"));
    EXPECT_FALSE(test::exists(folder.at("box")));
}

// A record as it is when its maker is killed.
void write_unfinished(const States& states, const os::Process& process) {
    const StateFolder made = *states.make("box");
    State state;
    state.id = "box";
    state.made = false;
    state.pid = process.pid();
    state.start_time = *os::start_time_of(process.pid());
    ASSERT_TRUE(test::succeeds(made.write(state)));
}

TEST(Remove, TakesAwayWhatWasNeverFinished) {
    const test::TempFolder folder;
    const States states = *States::open(folder.path());
    os::Process process = sleeper();
    write_unfinished(states, process);
    EXPECT_EQ(look_up(states, "box")->status, Status::stopped);
    ASSERT_TRUE(test::succeeds(remove(states, "box", Force::no)));
    EXPECT_EQ(process.wait()->code, 128 + SIGKILL);
    EXPECT_FALSE(test::exists(folder.at("box")));
}

TEST(Remove, IsDoneOfWhatWasNeverFinishedByTheNextOfItsId) {
    const test::TempFolder folder;
    const States states = *States::open(folder.path());
    os::Process process = sleeper();
    write_unfinished(states, process);
    ASSERT_TRUE(test::succeeds(states.make("box")));
    EXPECT_EQ(process.wait()->code, 128 + SIGKILL);
}

TEST(Remove, TakesAwayAFolderWithoutARecordWhenForced) {
    const test::TempFolder folder;
    const States states = *States::open(folder.path());
    test::make_folder(folder.at("box"));
    EXPECT_TRUE(remove(states, "box", Force::no).failed_as(Error::Kind::not_found));
    EXPECT_TRUE(test::succeeds(remove(states, "box", Force::yes)));
    EXPECT_FALSE(test::exists(folder.at("box")));
}

TEST(Remove, LeavesAnotherOfTheSameId) {
    const test::TempFolder folder;
    const States states = *States::open(folder.path());
    test::make_folder(folder.at("box"));
    StateFolder mine = *states.find("box");
    ASSERT_EQ(::rmdir(folder.at("box").c_str()), 0);
    const os::Process process = sleeper();
    write(states, process.pid());
    EXPECT_TRUE(test::succeeds(remove(std::move(mine), Force::yes)));
    EXPECT_TRUE(test::exists(folder.at("box")));
    ASSERT_TRUE(test::succeeds(remove(states, "box", Force::yes)));
}

}  // namespace
}  // namespace sbx::runtime
