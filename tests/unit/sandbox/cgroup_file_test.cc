#include "sandbox/cgroup_file.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;

TEST(CgroupFile, IsNamedWhereItIsNotThere) {
    const test::TempFolder folder;
    EXPECT_TRUE(fails_saying(read_cgroup_file(folder.fd(), "cpu.stat"), "open 'cpu.stat'"));
    EXPECT_TRUE(fails_saying(write_cgroup_file(folder.fd(), "cpu.max", "max"), "open 'cpu.max'"));
    EXPECT_FALSE(test::exists(folder.at("cpu.max"))) << "a kernel's file is never made";
}

TEST(CgroupFile, IsNoLink) {
    const test::TempFolder folder;
    test::make_file(folder.at("other"), "5\n");
    test::make_link(folder.at("pids.max"), "other");
    EXPECT_FALSE(read_cgroup_file(folder.fd(), "pids.max"));
    EXPECT_FALSE(write_cgroup_file(folder.fd(), "pids.max", "6"));
    EXPECT_EQ(test::bytes_of(folder.at("other")), "5\n");
}

TEST(CgroupFile, IsReadAgainFromItsBeginning) {
    const test::TempFolder folder;
    test::make_file(folder.at("f"), "one\n");
    const os::Fd file(::open(folder.at("f").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(*read_again(file), "one\n");
    EXPECT_EQ(*read_again(file), "one\n");
}

TEST(Counters, AreTheLinesOfTwoWords) {
    const auto counters = counters_in("low 0\noom_kill 3\n\nbad -1\nword\nmany 1 2\n");
    EXPECT_EQ(counters, (std::map<std::string, std::uint64_t>{{"low", 0}, {"oom_kill", 3}}));
}

}  // namespace
}  // namespace sbx::sandbox
