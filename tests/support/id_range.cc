#include "support/id_range.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include "os/accounts.h"
#include "os/file.h"
#include "os/process.h"

namespace sbx::test {

static std::optional<os::SubordinateRange> range_in(const std::string& file) {
    const Result<std::string> text = os::read_file(os::FdView::cwd(), file, 1 << 20);
    const Result<std::string> passwd =
        os::read_file(os::FdView::cwd(), "/etc/passwd", os::kLargestAccountFile);
    if (!text || !passwd) return std::nullopt;
    const std::optional<os::PasswdEntry> user = os::find_user(*passwd, ::getuid());
    const auto ranges = os::subordinate_ranges(*text, user ? user->name : "", ::getuid());
    return ranges.empty() ? std::nullopt : std::optional(ranges.front());
}

std::optional<os::IdMap> id_range() {
    const bool root = ::getuid() == 0;
    const os::SubordinateRange any{.start = 200'000, .count = 65'536};
    const auto uids = root ? any : range_in("/etc/subuid");
    const auto gids = root ? any : range_in("/etc/subgid");
    if (!uids || !gids) return std::nullopt;
    return os::IdMap{.uids = {{.inside = 0, .outside = ::getuid()},
                              {.inside = 1, .outside = uids->start, .count = uids->count}},
                     .gids = {{.inside = 0, .outside = ::getgid()},
                              {.inside = 1, .outside = gids->start, .count = gids->count}},
                     .writer = root ? os::IdMap::Writer::privileged : os::IdMap::Writer::helpers};
}

os::IdMap one_id() {
    return {.uids = {{.inside = 0, .outside = ::getuid()}},
            .gids = {{.inside = 0, .outside = ::getgid()}},
            .writer = os::IdMap::Writer::self};
}

static std::string first_failure() {
    const auto* result = testing::UnitTest::GetInstance()->current_test_info()->result();
    for (int i = 0; i < result->total_part_count(); ++i)
        if (const auto& part = result->GetTestPartResult(i); part.failed())
            return fmt::format("{}:{}: {}", part.file_name() ? part.file_name() : "?",
                               part.line_number(), part.summary());
    return {};
}

void in_id_range(const std::function<void()>& body) {
    const std::optional<os::IdMap> map = id_range();
    if (!map && std::getenv("SBX_TEST_STRICT")) FAIL() << "there is no range in /etc/subuid";
    if (!map) GTEST_SKIP() << "there is no range in /etc/subuid";
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const os::Fd read_end(ends[0]);
    os::Fd write_end(ends[1]);
    Result<os::Process> process = os::spawn_mapped(*map, CLONE_NEWNS, [&] {
        body();
        const std::string failure = first_failure();
        (void)os::write_all(write_end, failure);
        ::_exit(failure.empty() ? 0 : 1);
    });
    ASSERT_TRUE(process) << process.error().text();
    write_end.reset();
    const Result<std::string> failure = os::read_to_end(read_end, 1 << 20);
    EXPECT_EQ(process->wait()->code, 0) << failure.value_or("");
}

}  // namespace sbx::test
