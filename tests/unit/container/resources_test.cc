#include "container/resources.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "os/file.h"
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
    EXPECT_EQ(composed({.memory = "1g", .memory_swap = "0"}).memory,
              composed({.memory = "1g"}).memory)
        << "as docker has it, 0 is none given";
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

// Else a container would be refused, or get a cgroup, for what keeps it from nothing.
TEST(Resources, ThatLimitNothingAreNone) {
    const ResourceOptions kNothing[] = {{.memory = "0"},
                                        {.memory = "0", .memory_swap = "0"},
                                        {.memory_swap = "-1"},
                                        {.memory = "0m", .memory_swap = "-1"},
                                        {.memory_reservation = "0"},
                                        {.cpus = "0"},
                                        {.cpu_shares = "0"},
                                        {.cpu_quota = "0"},
                                        {.cpu_quota = "-1"},
                                        {.cpu_period = "50000", .cpu_quota = "-1"},
                                        {.cpu_period = "50000"},
                                        {.pids_limit = "0"},
                                        {.pids_limit = "-1"},
                                        {.blkio_weight = "0"}};
    const ResourceOptions all = {.memory = "100m",
                                 .memory_reservation = "50m",
                                 .cpu_shares = "5",
                                 .cpu_period = "50000",
                                 .cpu_quota = "5000",
                                 .pids_limit = "5",
                                 .blkio_weight = "50"};
    const ResourceOptions none = {.memory = "0",
                                  .memory_reservation = "0",
                                  .cpu_shares = "0",
                                  .cpu_quota = "0",
                                  .pids_limit = "0",
                                  .blkio_weight = "0"};
    for (const ResourceOptions& nothing : kNothing)
        EXPECT_EQ(composed(nothing), oci::Resources());
    EXPECT_EQ(composed(none, composed(all)), oci::Resources()) << "also where there was one";
}

TEST(Resources, OfMemoryAreLiftedWithTheirSwap) {
    const oci::Resources implied = composed({.memory = "100m"});
    EXPECT_EQ(composed({.memory = "0"}, implied), oci::Resources());
    EXPECT_EQ(composed({.memory = "0", .memory_swap = "-1"}, implied), oci::Resources());
    const oci::Resources own = composed({.memory = "100m", .memory_swap = "150m"});
    EXPECT_EQ(composed({.memory = "0"}, own), oci::Resources());
    EXPECT_EQ(composed({.memory_swap = "0"}, own), implied);
    EXPECT_EQ(composed({.memory_swap = "-1"}, own).memory.swap, -1);
    EXPECT_TRUE(fails_saying(compose_resources({.memory = "0", .memory_swap = "1g"}, own),
                             "--memory-swap 1g: it counts memory, too"));
}

// Of this machine, by name: "/dev/sda".
std::vector<std::string> block_devices() {
    std::vector<std::string> devices;
    const os::Fd folder(::open("/dev", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::vector<std::string> names = os::names_in(folder).value();
    for (const std::string& name : names) {
        const Result<struct stat> status = os::status_at(folder, name);
        if (status && S_ISBLK(status->st_mode)) devices.push_back("/dev/" + name);
    }
    return devices;
}

// A machine without any shows nothing here; that of tests/vm has one.
TEST(Resources, OfABlockDeviceTakeThePlaceOfThoseItHad) {
    for (const std::string& device : block_devices()) {
        const auto weighted = [&](const char* weight, const oci::Resources& had) {
            ResourceOptions options;
            options.blkio_weight_device.push_back(device + weight);
            return composed(options, had);
        };
        const oci::Resources first = weighted(":100", {});
        ASSERT_EQ(first.block.weight_device.size(), 1U);
        EXPECT_EQ(first.block.weight_device[0].weight, 100);
        const oci::Resources second = weighted(":200", first);
        EXPECT_EQ(second.block.weight_device.size(), 1U);
        EXPECT_EQ(weighted(":100", second), first);
        EXPECT_EQ(weighted(":0", second), oci::Resources());

        const auto limited = [&](const char* rate, const oci::Resources& had) {
            ResourceOptions options;
            options.read_bps.push_back(device + rate);
            return composed(options, had);
        };
        const oci::Resources slow = limited(":1m", {});
        EXPECT_EQ(limited(":2m", slow).block.read_bps.size(), 1U);
        EXPECT_EQ(limited(":0", slow), oci::Resources());
    }
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
