#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/tree.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::make_file;
using test::make_folder;
using test::make_link;
using test::succeeds;
using test::TempFolder;

std::uint64_t blocks_of(const std::string& path) {
    return static_cast<std::uint64_t>(test::status(path).st_blocks) * 512;
}

TEST(MeasureTree, AddsUpWhatIsOnTheDisk) {
    const TempFolder folder;
    make_folder(folder.at("tree"));
    make_folder(folder.at("tree/sub"));
    make_file(folder.at("tree/sub/big"), std::string(100'000, 'x'));
    make_file(folder.at("tree/small"), "x");
    const std::uint64_t expected = blocks_of(folder.at("tree")) + blocks_of(folder.at("tree/sub")) +
                                   blocks_of(folder.at("tree/sub/big")) +
                                   blocks_of(folder.at("tree/small"));
    const Result<std::uint64_t> bytes = measure_tree(folder.fd(), "tree");
    ASSERT_TRUE(succeeds(bytes));
    EXPECT_EQ(*bytes, expected);
    EXPECT_GE(*bytes, 100'000U);
}

TEST(MeasureTree, CountsHardLinksOnceAndFollowsNoOthers) {
    const TempFolder folder;
    make_folder(folder.at("outside"));
    make_file(folder.at("outside/big"), std::string(1'000'000, 'x'));
    make_folder(folder.at("tree"));
    make_link(folder.at("tree/away"), "../outside");
    make_file(folder.at("tree/one"), std::string(100'000, 'x'));
    const std::uint64_t before = measure_tree(folder.fd(), "tree").value();
    ASSERT_EQ(::link(folder.at("tree/one").c_str(), folder.at("tree/two").c_str()), 0);
    const std::uint64_t after = measure_tree(folder.fd(), "tree").value();
    EXPECT_EQ(after, before);
    EXPECT_LT(after, 1'000'000U);
}

TEST(MeasureTree, GoesDeeperThanDescriptorsReach) {
    constexpr int kDepth = 1500;
    const TempFolder folder;
    Fd here = duplicate(folder.fd()).value();
    for (int i = 0; i < kDepth; ++i)
        here = make_directory(here, "d", 0700).value();
    make_file(folder.at("d/file"), std::string(50'000, 'x'));
    const Result<std::uint64_t> bytes = measure_tree(folder.fd(), "d");
    ASSERT_TRUE(succeeds(bytes));
    EXPECT_GE(*bytes, 50'000U);
    ASSERT_TRUE(succeeds(remove_tree(folder.fd(), "d")));
}

TEST(MeasureTree, SaysWhatItMayNotLookInto) {
    const TempFolder folder;
    EXPECT_TRUE(
        measure_tree(folder.fd(), "none").failed_with(std::errc::no_such_file_or_directory));
    make_folder(folder.at("tree"));
    make_folder(folder.at("tree/closed"), 0);
    const Result<std::uint64_t> bytes = measure_tree(folder.fd(), "tree");
    EXPECT_EQ(bytes.failed_with(std::errc::permission_denied), ::geteuid() != 0);
}

}  // namespace
}  // namespace sbx::os
