#include "runtime/events.h"

#include <signal.h>

#include <gtest/gtest.h>

#include "runtime/processes.h"
#include "support/cgroups.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

using namespace std::chrono_literals;
using test::succeeds;

TEST(Events, TellOfUseInTheWordsOfRunc) {
    const sandbox::CgroupStats stats = {
        .cpu = {{"usage_usec", 5}, {"user_usec", 3}, {"system_usec", 2}, {"nr_throttled", 1}},
        .memory_events = {{"max", 7}},
        .memory = {{"file", 4096}},
        .memory_current = 8192,
        .memory_max = 16384,
        .swap_current = 1,
        .swap_max = 2,
        .pids_current = 3,
        .io = {{"8:16", {{"rbytes", 10}, {"wios", 11}}}},
        .hugepages = {{"2MB", 0}}};
    EXPECT_EQ(
        stats_event("box", stats).dump(),
        R"({"type":"stats","id":"box","data":{)"
        R"("cpu":{"usage":{"total":5000,"kernel":2000,"user":3000},)"
        R"("throttling":{"throttledPeriods":1}},"cpuset":{"cpu_exclusive":0,)"
        R"("mem_hardwall":0,"mem_exclusive":0,"memory_migrate":0,"memory_spread_page":0,)"
        R"("memory_spread_slab":0,"memory_pressure":0,"sched_load_balance":0,)"
        R"("sched_relax_domain_level":0},)"
        R"("memory":{"cache":4096,"usage":{"limit":16384,"usage":8192,"failcnt":7},)"
        R"("swap":{"limit":16386,"usage":8193,"failcnt":0},)"
        R"("kernel":{"limit":0,"failcnt":0},"kernelTCP":{"limit":0,"failcnt":0},)"
        R"("raw":{"file":4096}},)"
        R"("pids":{"current":3},)"
        R"("blkio":{"ioServiceBytesRecursive":[{"major":8,"minor":16,"op":"Read","value":10},)"
        R"({"major":8,"minor":16,"op":"Write","value":0}],)"
        R"("ioServicedRecursive":[{"major":8,"minor":16,"op":"Read","value":0},)"
        R"({"major":8,"minor":16,"op":"Write","value":11}]},)"
        R"("hugetlb":{"2MB":{"failcnt":0}},"intel_rdt":{},"network_interfaces":null}})");
    EXPECT_EQ(oom_event("box").dump(), R"({"type":"oom","id":"box"})");
}

TEST(Events, SayTheLargestNumberWhereThereIsNoLimit) {
    const Json event = stats_event("box", {.memory_current = 1});
    EXPECT_EQ(event["data"]["memory"]["usage"]["limit"].as_unsigned(), UINT64_MAX);
    EXPECT_EQ(event["data"]["memory"]["swap"].dump(), R"({"limit":0,"failcnt":0})");
    EXPECT_EQ(stats_event("box", {})["data"]["memory"]["usage"].dump(),
              R"({"limit":0,"failcnt":0})");
}

TEST(EventsOfRealRoot, ComeUntilTheContainerEnds) {
    test::with_cgroups([] {
        test::Box box;
        ASSERT_TRUE(succeeds(box.run()));
        const Result<Json> now = stats_of(box.states(), "box");
        ASSERT_TRUE(succeeds(now));
        EXPECT_TRUE((*now)["data"]["cpu"]["usage"].find("user"));
        int told = 0;
        const auto tell = [&](const Json& event) -> Result<> {
            EXPECT_EQ(*event["type"].as_string(), "stats");
            if (++told == 3) return signal_first(box.state(), SIGKILL);
            return {};
        };
        EXPECT_TRUE(succeeds(follow(box.states(), "box", 1ms, tell)));
        EXPECT_GE(told, 3);
        EXPECT_TRUE(stats_of(box.states(), "box").failed_as(Error::Kind::busy));
    });
}

TEST(EventsOfRealRoot, EndWithWhoeverIsTold) {
    test::with_cgroups([] {
        test::Box box;
        ASSERT_TRUE(succeeds(box.run()));
        const auto refuse = [](const Json&) -> Result<> {
            return Error(Error::Kind::failed, "nobody reads");
        };
        EXPECT_TRUE(test::fails_saying(follow(box.states(), "box", 1ms, refuse), "nobody reads"));
    });
}

}  // namespace
}  // namespace sbx::runtime
