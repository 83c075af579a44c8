#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/tree.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::TempFolder;

constexpr std::uint64_t kLarge = 1 << 20;

std::uint64_t measured(const TempFolder& folder) {
    const Result<std::uint64_t> bytes = measure_tree(folder.fd(), "tree");
    EXPECT_TRUE(test::succeeds(bytes));
    return bytes.value_or(0);
}

class MeasureTree : public testing::Test {
protected:
    MeasureTree() { test::make_folder(folder_.at("tree")); }

    TempFolder folder_;
};

TEST_F(MeasureTree, CountsWhatIsBelow) {
    const std::uint64_t empty = measured(folder_);
    test::make_folder(folder_.at("tree/a"));
    test::make_folder(folder_.at("tree/a/b"));
    test::make_file(folder_.at("tree/a/b/file"), std::string(kLarge, 'x'));
    EXPECT_GE(measured(folder_), empty + kLarge);
    EXPECT_LT(measured(folder_), empty + 2 * kLarge);
}

TEST_F(MeasureTree, CountsAFileOfTwoNamesOnceAndNoHoles) {
    test::make_file(folder_.at("tree/one"), std::string(kLarge, 'x'));
    ASSERT_EQ(::link(folder_.at("tree/one").c_str(), folder_.at("tree/two").c_str()), 0);
    test::make_file(folder_.at("tree/holes"));
    ASSERT_EQ(::truncate(folder_.at("tree/holes").c_str(), 64 * kLarge), 0);
    EXPECT_LT(measured(folder_), 2 * kLarge);
}

TEST_F(MeasureTree, FollowsNoLink) {
    test::make_folder(folder_.at("outside"));
    test::make_file(folder_.at("outside/file"), std::string(kLarge, 'x'));
    test::make_link(folder_.at("tree/link"), folder_.at("outside"));
    EXPECT_LT(measured(folder_), kLarge);
}

TEST_F(MeasureTree, EndsInATreeOfAnyDepth) {
    Fd here = open_directory(folder_.fd(), "tree").value();
    for (std::size_t i = 0; i < 2 * kDeepestMeasured; ++i)
        here = make_directory(here, "d", 0700).value();
    measured(folder_);
}

TEST_F(MeasureTree, OfNothingIsNothing) {
    EXPECT_EQ(measure_tree(folder_.fd(), "nosuch").value_or(1), 0U);
}

TEST_F(MeasureTree, SaysWhereItMayNotLook) {
    test::make_folder(folder_.at("tree/closed"), 0);
    if (::geteuid() == 0) GTEST_SKIP() << "root may look everywhere";
    EXPECT_TRUE(measure_tree(folder_.fd(), "tree").failed_with(std::errc::permission_denied));
}

}  // namespace
}  // namespace sbx::os
