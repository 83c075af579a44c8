#include "os/processes.h"

#include <algorithm>

#include <unistd.h>

#include <gtest/gtest.h>

#include "os/process.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::succeeds;

constexpr std::string_view kStat =
    "42 (a) b (c) S 7 42 41 34816 42 4194304 1 2 3 4 100 20 30 4 20 -5 3 0 1234 8192 5 "
    "18446744073709551615 1 1 0 0 0";

TEST(ProcessStat, IsReadBehindWhateverTheProgramCallsItself) {
    const Result<ProcessStat> stat = parse_process_stat(kStat);
    ASSERT_TRUE(succeeds(stat));
    EXPECT_EQ(stat->name, "a) b (c");
    EXPECT_EQ(stat->state, 'S');
    EXPECT_EQ(stat->parent, 7);
    EXPECT_EQ(stat->session, 41);
    EXPECT_EQ(stat->terminal, 34816U);
    EXPECT_EQ(stat->user_time, 100U);
    EXPECT_EQ(stat->system_time, 20U);
    EXPECT_EQ(stat->waited_time, 34U);
    EXPECT_EQ(stat->nice, -5);
    EXPECT_EQ(stat->threads, 3U);
    EXPECT_EQ(stat->start_time, 1234U);
    EXPECT_EQ(stat->virtual_bytes, 8192U);
    EXPECT_EQ(stat->resident_bytes, 5U * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
}

TEST(ProcessStat, ThatIsCutShortIsRefused) {
    EXPECT_TRUE(fails_saying(parse_process_stat(""), "no name"));
    EXPECT_TRUE(fails_saying(parse_process_stat("1 (x)"), "no name"));
    EXPECT_TRUE(fails_saying(parse_process_stat("1 )x( S 2"), "no name"));
    EXPECT_TRUE(fails_saying(parse_process_stat("1 (x) S 2 3"), "cut short"));
}

TEST(ProcessStatus, HasTheFieldsByName) {
    const auto status = parse_process_status("Name:\tx: y\nUid:\t0\t1\t2\t3\nbroken\n\n");
    EXPECT_EQ(status.at("Name"), "x: y");
    EXPECT_EQ(status.at("Uid"), "0\t1\t2\t3");
    EXPECT_EQ(status.size(), 2U);
}

TEST(Processes, SeeMountsByWhereTheyAreOnTheirFileSystem) {
    const auto has = [](std::string_view root) {
        return has_mount(
            "36 35 0:32 / / rw - overlay overlay rw,upperdir=/a/upper\nbroken\n"
            "37 36 0:27 /b/1/containerenv /run/.containerenv ro - tmpfs tmpfs rw\n",
            [&](std::string_view path) { return path == root; });
    };
    EXPECT_TRUE(has("/b/1/containerenv"));
    EXPECT_TRUE(has("/"));
    EXPECT_FALSE(has("/run/.containerenv")) << "that is where it is seen";
    EXPECT_FALSE(has_mount("", [](std::string_view) { return true; }));
}

TEST(Processes, AreThoseThatDescendFromOne) {
    Process child = spawn(0, [] { ::pause(); }).value();
    const std::vector<pid_t> own = processes_with(::getpid());
    EXPECT_TRUE(std::ranges::is_sorted(own));
    EXPECT_TRUE(std::ranges::binary_search(own, ::getpid()));
    EXPECT_TRUE(std::ranges::binary_search(own, child.pid()));
    EXPECT_EQ(processes_with(child.pid()), std::vector<pid_t>{child.pid()});
    EXPECT_FALSE(has_own_process_namespace(child.pid()));
    EXPECT_TRUE(is_in_namespace_of(child.pid(), ::getpid()));
    EXPECT_EQ(process_stat(child.pid())->parent, ::getpid());
    EXPECT_TRUE(process_status(child.pid())->contains("Uid"));
}

// Also what has another parent by now, or a process group of its own.
TEST(Processes, OfASessionAreKilledTogether) {
    const std::vector<pid_t> before = processes_with(::getpid());
    Process first = spawn(0, [] {
                        ::setsid();
                        for (int i = 0; i < 2; ++i)
                            if (::fork() == 0) {
                                ::setpgid(0, 0);
                                if (::fork() != 0) ::_exit(0);
                                ::pause();
                            }
                        ::pause();
                    }).value();
    const auto members = [&] {
        return std::ranges::count_if(all_processes(), [&](pid_t pid) {
            const ProcessStat stat = process_stat(pid).value_or(ProcessStat());
            return stat.session == first.pid() && stat.state != 'Z';
        });
    };
    EXPECT_TRUE(test::comes_true([&] { return members() == 3; }));
    kill_session(first.pid());
    EXPECT_EQ(first.wait()->code, 137);
    EXPECT_TRUE(test::comes_true([&] { return members() == 0; }));
    EXPECT_EQ(processes_with(::getpid()), before) << "and nothing else is";
}

TEST(Processes, OfNobodyAreNone) {
    constexpr pid_t kNobody = 1 << 30;
    EXPECT_TRUE(processes_with(kNobody).empty());
    EXPECT_FALSE(has_own_process_namespace(kNobody));
    EXPECT_FALSE(is_in_namespace_of(kNobody, ::getpid()));
    EXPECT_FALSE(is_in_namespace_of(::getpid(), kNobody));
    EXPECT_FALSE(process_stat(kNobody));
    EXPECT_FALSE(process_status(kNobody));
}

}  // namespace
}  // namespace sbx::os
