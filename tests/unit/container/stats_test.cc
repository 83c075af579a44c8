#include "container/stats.h"

#include <unistd.h>

#include <gtest/gtest.h>

namespace sbx::container {
namespace {

TEST(Statistics, ReadsKilobytesByName) {
    constexpr std::string_view kText = "Rss:      20 kB\nPss:\t 12 kB\nBad: much kB\nBare: 3\n";
    EXPECT_EQ(kilobytes_in(kText, "Pss"), 12U * 1024);
    EXPECT_EQ(kilobytes_in(kText, "Bare"), 3U * 1024);
    EXPECT_FALSE(kilobytes_in(kText, "Bad"));
    EXPECT_FALSE(kilobytes_in(kText, "ss"));
    EXPECT_FALSE(kilobytes_in("", "Pss"));
}

TEST(Statistics, SumsUpTrafficButNotToItself) {
    const Traffic traffic = parse_traffic(
        "Inter-|   Receive |  Transmit\n face |bytes packets\n"
        "    lo: 1000 1 0 0 0 0 0 0 1000 1 0 0 0 0 0 0\n"
        "  eth0: 10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\n"
        "  eth1:5 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0\n"
        "  bad0: 1 2 3\n");
    EXPECT_EQ(traffic.received, 15U);
    EXPECT_EQ(traffic.sent, 27U);
}

TEST(Statistics, IsOfTheProcessesWhereThereIsNoCgroup) {
    const Statistics usage = statistics_of({.pid = ::getpid()});
    EXPECT_GT(usage.memory.value_or(0), 0U);
    EXPECT_GT(usage.memory_limit.value_or(0), *usage.memory);
    EXPECT_GE(usage.threads.value_or(0), 1U);
    EXPECT_TRUE(usage.cpu);
    EXPECT_FALSE(usage.block_read) << "nobody counts it";
    EXPECT_FALSE(usage.net_received) << "it is the host's network";
}

}  // namespace
}  // namespace sbx::container
