#include "runtime/state.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::runtime {
namespace {

State some_state() {
    State state;
    state.id = "box";
    state.bundle = "/bundles/box";
    state.rootfs = "/bundles/box/rootfs";
    state.pid = 4711;
    state.start_time = 987654321;
    state.created = *parse_rfc3339("2026-11-28T22:35:44.661141895Z");
    state.annotations = {{"a.b", "c"}};
    state.owner = 1000;
    state.cgroup = {.path = "/a/box"};
    state.resctrl = {.group = "box", .own = true};
    return state;
}

TEST(State, ComesBackFromItsRecord) {
    const State state = some_state();
    const Result<State> read = State::from_json(*Json::parse(state.to_json().dump()));
    ASSERT_TRUE(test::succeeds(read));
    EXPECT_EQ(read->to_json().dump(), state.to_json().dump());
    EXPECT_EQ(read->pid, 4711);
    EXPECT_EQ(read->start_time, 987654321U);
    EXPECT_EQ(read->owner, 1000U);
    EXPECT_EQ(read->cgroup.path, "/a/box");
    EXPECT_EQ(read->resctrl.group, "box");
}

TEST(State, NeedsNoCgroup) {
    State state = some_state();
    state.cgroup = {};
    const Result<State> read = State::from_json(state.to_json());
    ASSERT_TRUE(test::succeeds(read));
    EXPECT_EQ(read->cgroup.path, "");
    EXPECT_FALSE(State::from_json(state.to_json().set("cgroup", 5)));
}

TEST(State, IsPrintedAsRuncDoes) {
    EXPECT_EQ(state_document(some_state(), Status::running).dump(),
              R"({"ociVersion":"1.3.0","id":"box","pid":4711,"status":"running",)"
              R"("bundle":"/bundles/box","rootfs":"/bundles/box/rootfs",)"
              R"("created":"2026-11-28T22:35:44.661141895Z","annotations":{"a.b":"c"}})");
}

TEST(State, HasNoProcessOnceItIsStopped) {
    const Json document = state_document(some_state(), Status::stopped);
    EXPECT_EQ(document["pid"].as_integer(), 0);
    EXPECT_EQ(*document["status"].as_string(), "stopped");
}

TEST(State, RefusesARecordThatIsNoState) {
    for (const char* text :
         {"{}", "[]", R"({"id":1})", R"({"id":"a","bundle":"/","rootfs":"/","pid":"1"})"})
        EXPECT_FALSE(State::from_json(*Json::parse(text))) << text;
    Json json = some_state().to_json();
    json.set("pid", std::uint64_t{5'000'000'000});
    EXPECT_TRUE(test::fails_saying(State::from_json(json), "pid is too large"));
    json = some_state().to_json();
    json.set("created", "yesterday");
    EXPECT_TRUE(test::fails_saying(State::from_json(json), "is not a time"));
}

}  // namespace
}  // namespace sbx::runtime
