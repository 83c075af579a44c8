#include "store/live_state.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::store {
namespace {

using test::fails_saying;
using test::succeeds;

LiveState state() {
    return {.pid = 12,
            .start_time = UINT64_MAX,
            .monitor = 11,
            .monitor_start_time = 3,
            .started = *parse_rfc3339("2024-05-06T07:08:09.123456789Z"),
            .cgroup = Json::object().set("path", "/a"),
            .ports = Json::array().push(80),
            .networks = Json::array().push("app")};
}

TEST(LiveState, IsReadAsItWasWritten) {
    const Result<LiveState> read = live_state_from(*Json::parse(to_json(state()).dump()));
    ASSERT_TRUE(succeeds(read));
    EXPECT_EQ(read->pid, 12);
    EXPECT_EQ(read->start_time, UINT64_MAX);
    EXPECT_EQ(read->monitor, 11);
    EXPECT_EQ(read->monitor_start_time, 3U);
    EXPECT_EQ(read->started, state().started);
    EXPECT_EQ(read->cgroup.dump(), R"({"path":"/a"})");
    EXPECT_EQ(read->ports.dump(), "[80]");
    EXPECT_EQ(read->networks.dump(), R"(["app"])");
}

TEST(LiveState, IsNotReadFromLess) {
    for (const char* member : {"pid", "start_time", "monitor", "monitor_start_time", "started"})
        EXPECT_FALSE(live_state_from(to_json(state()).set(member, Json()))) << member;
    for (const std::int64_t pid : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 40})
        EXPECT_TRUE(fails_saying(live_state_from(to_json(state()).set("pid", pid)), "no process"))
            << pid;
}

TEST(ProcessName, IsReadAsItWasWritten) {
    const ProcessName process{.pid = 5, .start_time = 6};
    const Result<ProcessName> read = process_name_from(to_json(process));
    ASSERT_TRUE(succeeds(read));
    EXPECT_EQ(read->pid, 5);
    EXPECT_EQ(read->start_time, 6U);
    EXPECT_FALSE(process_name_from(Json::object().set("pid", -1).set("start_time", 1)));
    EXPECT_FALSE(process_name_from(Json::object()));
}

}  // namespace
}  // namespace sbx::store
