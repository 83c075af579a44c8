#include "container/resources.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

oci::Resources composed(const ResourceOptions& options, const oci::Resources& had = {}) {
    Result<oci::Resources> resources = compose_resources(options, had);
    EXPECT_TRUE(succeeds(resources));
    return resources ? *std::move(resources) : oci::Resources();
}

constexpr std::int64_t kMiB = 1 << 20;

TEST(Resources, OfNoOptionsAreNone) { EXPECT_EQ(composed({}), oci::Resources()); }

TEST(Resources, OfMemoryAllowAsMuchSwap) {
    EXPECT_EQ(composed({.memory = "100m"}).memory,
              (oci::MemoryLimits{.limit = 100 * kMiB, .swap = 200 * kMiB}));
    EXPECT_EQ(composed({.memory = "100M", .memory_swap = "100m"}).memory,
              (oci::MemoryLimits{.limit = 100 * kMiB, .swap = 100 * kMiB}));
    EXPECT_EQ(composed({.memory = "1g", .memory_swap = "-1", .memory_reservation = "512k"}).memory,
              (oci::MemoryLimits{.limit = 1024 * kMiB, .reservation = 512 * 1024, .swap = -1}));
    EXPECT_EQ(composed({.memory = "0"}).memory, oci::MemoryLimits());
    EXPECT_EQ(composed({.memory_swappiness = "-1"}).memory, oci::MemoryLimits());
}

TEST(Resources, OfMemoryAreRefusedWhereTheyCannotBe) {
    for (const char* size : {"x", "-1", "1q", "1.2.3m", " 1m", "99999999999g"})
        EXPECT_TRUE(fails_saying(compose_resources({.memory = size}), "--memory")) << size;
    EXPECT_TRUE(fails_saying(compose_resources({.memory_swap = "1g"}), "needs --memory"));
    EXPECT_TRUE(fails_saying(compose_resources({.memory = "2g", .memory_swap = "1g"}),
                             "--memory-swap is below --memory"));
    EXPECT_TRUE(compose_resources({.memory_swappiness = "10"}).failed_as(Error::Kind::unsupported));
    EXPECT_TRUE(compose_resources({.oom_kill_disable = true}).failed_as(Error::Kind::unsupported));
}

TEST(Resources, OfTheCpu) {
    EXPECT_EQ(composed({.cpus = "1.5"}).cpu, (oci::CpuLimits{.quota = 150000, .period = 100000}));
    EXPECT_EQ(composed({.cpus = ".01"}).cpu, (oci::CpuLimits{.quota = 1000, .period = 100000}));
    EXPECT_EQ(composed({.cpus = "2"}).cpu, (oci::CpuLimits{.quota = 200000, .period = 100000}));
    EXPECT_EQ(composed({.cpus = "0"}).cpu, (oci::CpuLimits{.quota = -1, .period = 100000}));
    EXPECT_EQ(composed({.cpu_shares = "512",
                        .cpu_period = "50000",
                        .cpu_quota = "25000",
                        .cpuset_cpus = "0-3,7",
                        .cpuset_mems = "0"})
                  .cpu,
              (oci::CpuLimits{
                  .shares = 512, .quota = 25000, .period = 50000, .cpus = "0-3,7", .mems = "0"}));
}

TEST(Resources, OfTheCpuAreRefusedWhereTheyCannotBe) {
    for (const char* cpus : {"x", "-1", "1.x", ".", "1.5.5", "1e3", "1,5"})
        EXPECT_TRUE(fails_saying(compose_resources({.cpus = cpus}), "--cpus")) << cpus;
    EXPECT_TRUE(fails_saying(compose_resources({.cpus = "1", .cpu_quota = "5"}), "the one or"));
    for (const char* list : {"0-", "a", "3-1", "0,,1", "-1", "0-3-5", "../x"})
        EXPECT_TRUE(fails_saying(compose_resources({.cpuset_cpus = list}), "--cpuset-cpus"))
            << list;
    EXPECT_FALSE(compose_resources({.cpu_shares = "-1"}));
    EXPECT_FALSE(compose_resources({.cpu_period = "5"}));
    EXPECT_FALSE(compose_resources({.cpu_quota = "many"}));
}

TEST(Resources, OfProcessesAndFiles) {
    EXPECT_EQ(composed({.pids_limit = "5"}).pids_limit, 5);
    EXPECT_EQ(composed({.pids_limit = "0"}).pids_limit, -1);
    EXPECT_EQ(composed({.pids_limit = "-1"}).pids_limit, -1);
    EXPECT_FALSE(compose_resources({.pids_limit = "-2"}));
    EXPECT_EQ(composed({.cgroup_conf = {"memory.high=5", "io.max=8:0 rbps=1"}}).unified,
              (std::map<std::string, std::string>{{"io.max", "8:0 rbps=1"}, {"memory.high", "5"}}));
    EXPECT_TRUE(fails_saying(compose_resources({.cgroup_conf = {"memory.high"}}), "FILE=VALUE"));
}

TEST(Resources, OfBlockDevicesNameOnes) {
    EXPECT_EQ(composed({.blkio_weight = "100"}).block.weight, 100);
    EXPECT_FALSE(compose_resources({.blkio_weight = "5"}));
    EXPECT_TRUE(fails_saying(compose_resources({.read_bps = {"/dev/null:1m"}}), "no block device"));
    EXPECT_TRUE(fails_saying(compose_resources({.write_bps = {"/no/such:1m"}}), "No such file"));
    EXPECT_TRUE(fails_saying(compose_resources({.read_iops = {"/dev/null"}}), "DEVICE:VALUE"));
    EXPECT_TRUE(fails_saying(compose_resources({.blkio_weight_device = {":5"}}), "DEVICE:VALUE"));
}

TEST(Resources, OfAnUpdateKeepWhatWasNotSaid) {
    const oci::Resources had = composed({.memory = "100m", .cpus = "1", .pids_limit = "5"});
    const oci::Resources now = composed({.memory = "200m"}, had);
    EXPECT_EQ(now.memory, (oci::MemoryLimits{.limit = 200 * kMiB, .swap = 400 * kMiB}));
    EXPECT_EQ(now.cpu, had.cpu);
    EXPECT_EQ(now.pids_limit, 5);
    const oci::Resources fixed = composed({.memory = "100m", .memory_swap = "150m"});
    EXPECT_EQ(composed({.memory = "120m"}, fixed).memory.swap, 150 * kMiB);
    EXPECT_FALSE(compose_resources({.memory = "160m"}, fixed));
}

}  // namespace
}  // namespace sbx::container
