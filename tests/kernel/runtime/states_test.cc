#include "runtime/states.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/files.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

States states_in(const test::TempFolder& folder) { return *States::open(folder.path()); }

State state_of(const std::string& id) {
    State state;
    state.id = id;
    return state;
}

StateFolder made(const States& states, const std::string& id) {
    StateFolder folder = *states.make(id);
    EXPECT_TRUE(test::succeeds(folder.write(state_of(id))));
    return folder;
}

TEST(States, KeepARecordForEachId) {
    const test::TempFolder folder;
    const States states = states_in(folder);
    made(states, "b").unlock();
    made(states, "a").unlock();
    EXPECT_EQ(*states.ids(), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(states.find("a")->read()->id, "a");
}

TEST(States, MakeTheirFolderForOneUserAlone) {
    const test::TempFolder folder;
    ASSERT_TRUE(test::succeeds(States::open(folder.at("new/one"))));
    EXPECT_EQ(test::mode_of(folder.at("new/one")), 0700U);
}

TEST(States, AreNotKeptWhereOthersMayWrite) {
    const test::TempFolder folder;
    test::make_folder(folder.at("open"), 0777);
    ::chmod(folder.at("open").c_str(), 0777);
    EXPECT_TRUE(test::fails_saying(States::open(folder.at("open")), "written to by others"));
    test::make_link(folder.at("link"), folder.path());
    EXPECT_FALSE(States::open(folder.at("link")));
}

TEST(States, MakeAnIdOnce) {
    const test::TempFolder folder;
    const States states = states_in(folder);
    const StateFolder first = made(states, "box");
    EXPECT_TRUE(states.make("box").failed_as(Error::Kind::exists));
}

TEST(States, ClearAwayWhatADeadMakerLeft) {
    const test::TempFolder folder;
    const States states = states_in(folder);
    test::make_folder(folder.at("box"), 0700);
    test::make_file(folder.at("box/config.json"), "{}");
    const Result<StateFolder> again = states.make("box");
    ASSERT_TRUE(test::succeeds(again));
    EXPECT_FALSE(test::exists(folder.at("box/config.json")));
}

TEST(States, LeaveTheFolderOfAMakerThatLives) {
    const test::TempFolder folder;
    const States states = states_in(folder);
    const StateFolder maker = *states.make("box");
    EXPECT_FALSE(maker.is_locked()) << "by itself";
    EXPECT_TRUE(states.find("box")->is_locked());
    EXPECT_TRUE(states.make("box").failed_as(Error::Kind::exists));
    EXPECT_TRUE(states.find("box")->read().failed_as(Error::Kind::not_found));
}

TEST(States, SayOfWhatIsNotThereThatItDoesNotExist) {
    const test::TempFolder folder;
    const States states = states_in(folder);
    EXPECT_TRUE(test::fails_saying(states.find("box"), "container 'box' does not exist"));
    const std::string longer_than_a_name(300, 'x');
    EXPECT_TRUE(states.find(longer_than_a_name).failed_as(Error::Kind::not_found));
    EXPECT_TRUE(states.find("../x").failed_as(Error::Kind::usage));
    EXPECT_TRUE(states.make("a/b").failed_as(Error::Kind::usage));
}

TEST(States, RemoveAllOfAContainer) {
    const test::TempFolder folder;
    const States states = states_in(folder);
    StateFolder box = made(states, "box");
    ASSERT_TRUE(test::succeeds(box.write_config("{}")));
    EXPECT_EQ(*box.config(), "{}");
    StateFolder other = *states.find("box");
    ASSERT_TRUE(test::succeeds(std::move(box).remove()));
    EXPECT_FALSE(test::exists(folder.at("box")));
    EXPECT_TRUE(other.lock().failed_as(Error::Kind::not_found));
}

TEST(States, RefuseARecordThatIsBroken) {
    const test::TempFolder folder;
    const States states = states_in(folder);
    made(states, "box").unlock();
    test::make_file(folder.at("box/state.json"), "{\"id\":");
    EXPECT_TRUE(test::fails_saying(states.find("box")->read(), "the record of container 'box'"));
}

}  // namespace
}  // namespace sbx::runtime
