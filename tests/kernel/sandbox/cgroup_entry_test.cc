#include "sandbox/cgroup_entry.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "sandbox/cgroup_host.h"
#include "support/cgroups.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;
using test::with_cgroups;

TEST(CgroupEntry, KnowsWhatPathsHaveInCommon) {
    EXPECT_EQ(common_cgroup("/a/b/c", "/a/b/cd"), "/a/b");
    EXPECT_EQ(common_cgroup("/a/b", "/a/b"), "/a/b");
    EXPECT_EQ(common_cgroup("/a/b", "/a/b/c"), "/a/b");
    EXPECT_EQ(common_cgroup("/a/b/c", "/a/b"), "/a/b");
    EXPECT_EQ(common_cgroup("/a", "/b"), "");
    EXPECT_EQ(common_cgroup("", "/b"), "");
    EXPECT_EQ(common_cgroup("/ab", "/a"), "");
}

TEST(CgroupEntry, IsNoneWhereThereIsNoCgroup) {
    EXPECT_LT(open_entry({}, ::getpid())->get(), 0);
    EXPECT_TRUE(
        open_entry({.path = "/no/such/cgroup"}, ::getpid()).failed_as(Error::Kind::not_found));
    EXPECT_TRUE(fails_saying(open_entry({}, ::getpid(), "a"), "no cgroup of its own"));
    EXPECT_FALSE(open_entry({.path = "/no/such/cgroup"}, ::getpid(), "a"));
}

std::string name_of_folder(const os::Fd& folder) {
    char path[4096];
    const std::string link = fmt::format("/proc/self/fd/{}", folder.get());
    const ssize_t size = ::readlink(link.c_str(), path, sizeof path);
    return size < 0 ? "" : std::string(path, static_cast<std::size_t>(size));
}

TEST(CgroupEntryOfRealRoot, IsWhereTheFirstProcessIs) {
    with_cgroups([] {
        test::Box box;
        ASSERT_TRUE(succeeds(box.run()));
        const runtime::State state = box.state();
        const std::string top = box.cgroup();
        EXPECT_EQ(name_of_folder(*open_entry(state.cgroup, state.pid)), top);
        test::make_folder(top + "/inner");
        const os::Fd procs(::open((top + "/inner/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
        ASSERT_TRUE(succeeds(os::write_all(procs, fmt::format("{}", state.pid))));
        EXPECT_EQ(name_of_folder(*open_entry(state.cgroup, state.pid)), top + "/inner");
        // A process that is elsewhere leads nobody out of the container's cgroup.
        EXPECT_EQ(name_of_folder(*open_entry(state.cgroup, ::getpid())), top);
        EXPECT_EQ(name_of_folder(*open_entry(state.cgroup, state.pid, "inner")), top + "/inner");
        EXPECT_TRUE(
            fails_saying(open_entry(state.cgroup, state.pid, "inner/../.."), "is no path of a"));
    });
}

}  // namespace
}  // namespace sbx::sandbox
