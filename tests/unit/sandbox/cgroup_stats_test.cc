#include "sandbox/cgroup_stats.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using Counters = std::map<std::string, std::uint64_t>;

TEST(CgroupStats, AreWhatTheFilesOfACgroupSay) {
    const test::TempFolder folder;
    test::make_file(folder.at("cpu.stat"), "usage_usec 12\nuser_usec 5\n");
    test::make_file(folder.at("memory.current"), "4096\n");
    test::make_file(folder.at("memory.max"), "max\n");
    test::make_file(folder.at("memory.events"), "oom 1\noom_kill 2\n");
    test::make_file(folder.at("pids.max"), "7\n");
    test::make_file(folder.at("io.stat"), "8:0 rbytes=1 wbytes=2\n8:16 \n");
    test::make_file(folder.at("hugetlb.2MB.current"), "2097152\n");
    test::make_file(folder.at("hugetlb.2MB.rsvd.current"), "9\n");
    const Result<CgroupStats> stats = read_cgroup_stats(folder.fd());
    ASSERT_TRUE(test::succeeds(stats));
    EXPECT_EQ(stats->cpu, (Counters{{"usage_usec", 12}, {"user_usec", 5}}));
    EXPECT_EQ(stats->memory_current, 4096U);
    EXPECT_FALSE(stats->memory_max.has_value()) << "there is no limit";
    EXPECT_FALSE(stats->memory_peak.has_value()) << "the kernel has none";
    EXPECT_EQ(stats->memory_events, (Counters{{"oom", 1}, {"oom_kill", 2}}));
    EXPECT_EQ(stats->pids_max, 7U);
    ASSERT_EQ(stats->io.count("8:0"), 1U);
    EXPECT_EQ(stats->io.at("8:0"), (Counters{{"rbytes", 1}, {"wbytes", 2}}));
    EXPECT_EQ(stats->hugepages, (Counters{{"2MB", 2097152}}));
}

TEST(CgroupStats, AreNoneWhereTheCgroupIsGone) {
    const test::TempFolder folder;
    EXPECT_TRUE(test::fails_saying(read_cgroup_stats(folder.fd()), "open 'cpu.stat'"));
}

}  // namespace
}  // namespace sbx::sandbox
