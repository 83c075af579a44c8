#include "sandbox/cgroup_changes.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;

constexpr std::int64_t kMiB = 1 << 20;

std::string lines(const oci::Resources& before, const oci::Resources& after) {
    const Result<std::vector<CgroupWrite>> writes = cgroup_changes(before, after);
    if (!writes) return "error: " + writes.error().text();
    std::string text;
    for (const CgroupWrite& write : *writes)
        text += fmt::format("{}={}\n", write.file, write.value);
    return text;
}

// A limit, and what is written when it is lifted.
struct Lifted {
    oci::Resources limit;
    const char* writes;
};

TEST(CgroupChanges, LiftWhatIsNoLongerLimited) {
    const Lifted kAll[] = {
        {{.memory = {.limit = kMiB, .swap = 2 * kMiB}}, "memory.max=max\nmemory.swap.max=max\n"},
        {{.memory = {.reservation = kMiB}}, "memory.low=0\n"},
        {{.cpu = {.shares = 512}}, "cpu.weight=100\n"},
        {{.cpu = {.quota = 5000, .period = 50000}}, "cpu.max=max 100000\n"},
        {{.cpu = {.burst = 10}}, "cpu.max.burst=0\n"},
        {{.cpu = {.cpus = "0-1", .mems = "0"}}, "cpuset.cpus=\n\ncpuset.mems=\n\n"},
        {{.cpu = {.idle = 1}}, "cpu.idle=0\n"},
        {{.pids_limit = 5}, "pids.max=max\n"},
        {{.block = {.weight = 500}}, "io.bfq.weight=100\n"},
        {{.block = {.weight_device = {{.major = 8, .weight = 500}}}},
         "io.bfq.weight=8:0 default\n"},
        {{.block = {.read_bps = {{8, 0, 1000}}, .write_iops = {{8, 16, 5}}}},
         "io.max=8:0 rbps=max\nio.max=8:16 wiops=max\n"},
        {{.hugepages = {{"2MB", 4096}}}, "hugetlb.2MB.max=max\nhugetlb.2MB.rsvd.max=max\n"},
        {{.rdma = {{"mlx5_0", {.hca_handles = 3, .hca_objects = 10}}}},
         "rdma.max=mlx5_0 hca_handle=max hca_object=max\n"},
        {{.unified = {{"io.weight", "default 500"}}}, "io.weight=100\n"},
        {{.unified = {{"misc.max", "sev 5"}}}, "misc.max=sev max\n"},
        {{.unified = {{"memory.high", "1000"}, {"misc.of", "own"}}}, "memory.high=max\n"}};
    for (const Lifted& one : kAll) {
        EXPECT_EQ(lines(one.limit, {}), one.writes);
        EXPECT_EQ(lines(one.limit, one.limit), "");
    }
}

// What is not there limits nothing; a weight is in one of two files.
TEST(CgroupChanges, LiftWhereThereIsSomething) {
    const auto writes = cgroup_changes({.pids_limit = 5, .block = {.weight = 500}}, {});
    ASSERT_TRUE(succeeds(writes));
    EXPECT_EQ(*writes,
              (std::vector<CgroupWrite>{{.file = "pids.max", .value = "max", .optional = true},
                                        {.file = "io.bfq.weight",
                                         .value = "100",
                                         .other_file = "io.weight",
                                         .other_value = "100",
                                         .optional = true}}));
}

TEST(CgroupChanges, WriteWhatIsNew) {
    EXPECT_EQ(lines({}, {.pids_limit = 5}), "pids.max=5\n");
    EXPECT_EQ(lines({.pids_limit = 5}, {.pids_limit = 6}), "pids.max=6\n");
    EXPECT_EQ(lines({.pids_limit = 5}, {.memory = {.limit = kMiB}, .pids_limit = 5}),
              "memory.max=1048576\n");
}

TEST(CgroupChanges, OfADeviceLeaveTheOthers) {
    const oci::Resources before = {
        .block = {.weight_device = {{.major = 8, .weight = 100}, {.major = 9, .weight = 100}},
                  .read_bps = {{8, 0, 1000}, {9, 0, 1000}},
                  .write_bps = {{8, 0, 1000}}}};
    oci::Resources after = before;
    after.block.weight_device[0].weight = 200;
    after.block.read_bps[1].rate = 2000;
    after.block.write_bps.clear();
    EXPECT_EQ(lines(before, after),
              "io.max=8:0 wbps=max\nio.bfq.weight=8:0 200\nio.max=9:0 rbps=2000\n");
}

// As documents of others may have it: the kernel keeps the last.
TEST(CgroupChanges, AreFromTheLastOfSeveral) {
    const auto throttles = [](std::vector<oci::BlockThrottle> list) {
        return oci::Resources{.block = {.read_bps = std::move(list)}};
    };
    EXPECT_EQ(lines(throttles({{8, 0, 1}, {8, 0, 2}}), throttles({{8, 0, 1}})),
              "io.max=8:0 rbps=1\n");
    EXPECT_EQ(lines(throttles({{8, 0, 1}, {8, 0, 2}}), throttles({{8, 0, 2}})), "");
}

// The kernel refuses a weight to what is idle.
TEST(CgroupChanges, EndIdlenessBeforeTheyGiveAWeight) {
    EXPECT_EQ(lines({.cpu = {.shares = 1024, .idle = 1}}, {.cpu = {.shares = 1024}}),
              "cpu.idle=0\ncpu.weight=100\n");
}

TEST(CgroupChanges, ToWhatCannotBeAreRefused) {
    EXPECT_TRUE(fails_saying(cgroup_changes({}, {.memory = {.limit = -2}}), "-2 bytes"));
    EXPECT_TRUE(fails_saying(cgroup_changes({.memory = {.limit = -2}}, {}), "-2 bytes"));
}

}  // namespace
}  // namespace sbx::sandbox
