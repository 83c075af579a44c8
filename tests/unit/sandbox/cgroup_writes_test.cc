#include "sandbox/cgroup_writes.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;

constexpr std::int64_t kMiB = 1 << 20;

std::string lines(const oci::Resources& resources) {
    const Result<std::vector<CgroupWrite>> writes = cgroup_writes(resources);
    if (!writes) return "error: " + writes.error().text();
    std::string text;
    for (const CgroupWrite& write : *writes)
        text += fmt::format("{}={}\n", write.file, write.value);
    return text;
}

TEST(CgroupWrites, OfNothingAreNone) { EXPECT_EQ(lines({}), ""); }

TEST(CgroupWrites, OfMemoryCountSwapAlone) {
    EXPECT_EQ(lines({.memory = {.limit = 100 * kMiB, .reservation = kMiB, .swap = 150 * kMiB}}),
              "memory.max=104857600\nmemory.swap.max=52428800\nmemory.low=1048576\n");
    EXPECT_EQ(lines({.memory = {.limit = kMiB, .swap = kMiB}}),
              "memory.max=1048576\nmemory.swap.max=0\n");
    EXPECT_EQ(lines({.memory = {.limit = kMiB, .swap = -1}}),
              "memory.max=1048576\nmemory.swap.max=max\n");
    EXPECT_EQ(lines({.memory = {.limit = -1}}), "memory.max=max\nmemory.swap.max=max\n");
    EXPECT_EQ(lines({.memory = {.limit = 0, .swap = 0}}), "");
}

// Without swap accounting there is no such file; all or none of it needs none.
TEST(CgroupWrites, NeedNoFileForAllOrNoneOfTheSwap) {
    const auto optional = [](std::int64_t swap) {
        return cgroup_writes({.memory = {.limit = kMiB, .swap = swap}})->at(1).optional;
    };
    EXPECT_TRUE(optional(kMiB));
    EXPECT_TRUE(optional(-1));
    EXPECT_FALSE(optional(2 * kMiB));
}

TEST(CgroupWrites, CompareALimitWithWhatIsUsedWhereAsked) {
    const auto used_file = [](std::int64_t limit, std::optional<bool> check) {
        return cgroup_writes({.memory = {.limit = limit, .check_before_update = check}})
            ->front()
            .used_file;
    };
    EXPECT_EQ(used_file(kMiB, true), "memory.current");
    EXPECT_EQ(used_file(-1, true), "") << "there is no limit";
    EXPECT_EQ(used_file(kMiB, false), "");
    EXPECT_EQ(used_file(kMiB, {}), "");
}

TEST(CgroupWrites, OfMemoryThatCannotBeAreRefused) {
    EXPECT_EQ(lines({.memory = {.swap = 5}}),
              "error: a limit of memory and swap needs one of memory");
    EXPECT_EQ(lines({.memory = {.limit = 10, .swap = 5}}),
              "error: the limit of memory and swap, 5, is below that of memory, 10");
    EXPECT_EQ(lines({.memory = {.limit = -2}}), "error: a limit of memory is -2 bytes");
}

TEST(CgroupWrites, OfWhatVersion2LacksAreRefusedByName) {
    const oci::Resources lacking[] = {{.memory = {.swappiness = 10}},
                                      {.memory = {.disable_oom_killer = true}},
                                      {.memory = {.kernel = 5}},
                                      {.memory = {.kernel_tcp = 5}},
                                      {.cpu = {.realtime_runtime = 5}},
                                      {.cpu = {.realtime_period = 5}},
                                      {.block = {.leaf_weight = 50}},
                                      {.network = {.class_id = 5}},
                                      {.network = {.priorities = {{"lo", 5}}}}};
    for (const oci::Resources& one : lacking)
        EXPECT_TRUE(fails_saying(cgroup_writes(one), "cgroup version 2 has no file for it"));
    EXPECT_EQ(lines({.memory = {.disable_oom_killer = false, .use_hierarchy = true}}), "");
}

TEST(CpuWeight, FollowsTheFormulaOfRuntimes) {
    const std::pair<std::uint64_t, std::uint64_t> kPairs[] = {
        {0, 1}, {1, 1}, {2, 1}, {1024, 100}, {262144, 10000}, {1 << 20, 10000}};
    for (const auto& [shares, weight] : kPairs)
        EXPECT_EQ(cpu_weight_of(shares), weight) << shares;
    std::uint64_t last = 0;
    for (std::uint64_t shares = 2; shares <= 262144; shares += 7) {
        EXPECT_GE(cpu_weight_of(shares), last);
        last = cpu_weight_of(shares);
    }
}

TEST(CgroupWrites, OfTheCpu) {
    EXPECT_EQ(lines({.cpu = {.shares = 1024, .quota = 50000, .period = 100000}}),
              "cpu.weight=100\ncpu.max=50000 100000\n");
    EXPECT_EQ(lines({.cpu = {.quota = 50000}}), "cpu.max=50000 100000\n");
    EXPECT_EQ(lines({.cpu = {.quota = -1}}), "cpu.max=max 100000\n");
    EXPECT_EQ(lines({.cpu = {.period = 50000}}), "cpu.max=max 50000\n");
    EXPECT_EQ(lines({.cpu = {.burst = 10}}), "cpu.max.burst=10\n");
    EXPECT_EQ(lines({.cpu = {.cpus = "0-3,7", .mems = "0"}}), "cpuset.cpus=0-3,7\ncpuset.mems=0\n");
    EXPECT_EQ(lines({.cpu = {.shares = 512, .idle = 1}}), "cpu.idle=1\n");
    EXPECT_EQ(lines({.cpu = {.shares = 0}}), "");
    EXPECT_EQ(lines({.cpu = {.cpus = "../x"}}),
              "error: '../x' is no list of CPUs or nodes, such as 0-3,7");
}

TEST(CgroupWrites, OfProcesses) {
    EXPECT_EQ(lines({.pids_limit = 5}), "pids.max=5\n");
    EXPECT_EQ(lines({.pids_limit = 0}), "pids.max=max\n");
    EXPECT_EQ(lines({.pids_limit = -1}), "pids.max=max\n");
}

TEST(CgroupWrites, OfBlockDevices) {
    EXPECT_EQ(lines({.block = {.read_bps = {{8, 0, 1000}}, .write_iops = {{8, 16, 0}}}}),
              "io.max=8:0 rbps=1000\nio.max=8:16 wiops=max\n");
    const auto writes =
        cgroup_writes({.block = {.weight = 1000, .weight_device = {{.major = 8, .weight = 10}}}});
    ASSERT_TRUE(succeeds(writes));
    ASSERT_EQ(writes->size(), 2U);
    EXPECT_EQ(writes->at(0), (CgroupWrite{.file = "io.bfq.weight",
                                          .value = "1000",
                                          .other_file = "io.weight",
                                          .other_value = "10000"}));
    EXPECT_EQ(writes->at(1), (CgroupWrite{.file = "io.bfq.weight",
                                          .value = "8:0 10",
                                          .other_file = "io.weight",
                                          .other_value = "8:0 1"}));
    for (const std::uint16_t weight : std::initializer_list<std::uint16_t>{1, 9, 1001})
        EXPECT_TRUE(fails_saying(cgroup_writes({.block = {.weight = weight}}), "10 to 1000"));
}

TEST(CgroupWrites, OfRdmaAndHugePages) {
    EXPECT_EQ(lines({.hugepages = {{"2MB", 4096}}}),
              "hugetlb.2MB.max=4096\nhugetlb.2MB.rsvd.max=4096\n");
    EXPECT_EQ(lines({.rdma = {{"mlx5_0", {.hca_handles = 3, .hca_objects = 10}}}}),
              "rdma.max=mlx5_0 hca_handle=3 hca_object=10\n");
    for (const char* size : {"", "2", "MB", "2mb", "../../x", "2MB/x", "2MB\n"})
        EXPECT_TRUE(fails_saying(cgroup_writes({.hugepages = {{size, 1}}}), "no size of a huge"));
    EXPECT_TRUE(fails_saying(cgroup_writes({.rdma = {{"a b", {.hca_handles = 1}}}}), "no name of"));
}

TEST(CgroupWrites, OfAnyFileOfAController) {
    EXPECT_EQ(lines({.unified = {{"memory.high", "1000"}, {"io.max", "8:0 rbps=1\n8:1 rbps=2\n"}}}),
              "io.max=8:0 rbps=1\nio.max=8:1 rbps=2\nmemory.high=1000\n");
    for (const char* file : {"", "memory", "../memory.max", "a/memory.max", "memory..max",
                             ".memory.max", "cgroup.procs", "cgroup.kill", "memory.max\n"})
        EXPECT_TRUE(fails_saying(cgroup_writes({.unified = {{file, "1"}}}), "no file of a"))
            << file;
}

TEST(Controllers, AreThoseOfTheFiles) {
    const auto writes = cgroup_writes(
        {.memory = {.limit = 1, .swap = 1}, .cpu = {.quota = 5, .cpus = "0"}, .pids_limit = 1});
    ASSERT_TRUE(succeeds(writes));
    EXPECT_EQ(controllers_of(*writes),
              (std::vector<std::string>{"memory", "cpu", "cpuset", "pids"}));
}

TEST(DeviceRules, EndWithWhatEveryContainerHas) {
    const auto rules = device_rules(
        {{.allow = false}, {.allow = true, .type = "c", .major = 10, .minor = -1, .access = "rw"}});
    ASSERT_TRUE(succeeds(rules));
    EXPECT_EQ(rules->at(0), (os::DeviceRule{.access = os::kEveryDeviceAccess}));
    EXPECT_EQ(rules->at(1), (os::DeviceRule{.allow = true,
                                            .kind = os::DeviceRule::Kind::character,
                                            .major = 10,
                                            .access = BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE}));
    EXPECT_GT(rules->size(), 8U);
}

TEST(DeviceRules, ThatCannotBeAreRefused) {
    EXPECT_TRUE(fails_saying(device_rules({{.type = "x"}}), "no kind of device"));
    EXPECT_TRUE(fails_saying(device_rules({{.access = "rx"}}), "no access"));
    EXPECT_TRUE(fails_saying(device_rules({{.major = -2}}), "no number of a device"));
    EXPECT_TRUE(fails_saying(device_rules({{.minor = 1LL << 33}}), "no number of a device"));
}

}  // namespace
}  // namespace sbx::sandbox
