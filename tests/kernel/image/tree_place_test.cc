#include "image/tree_place.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::image {
namespace {

class TreePlaceTest : public testing::Test {
protected:
    TreePlaceTest() {
        test::make_folder(folder_.at("a"));
        test::make_folder(folder_.at("a/b"));
        test::make_file(folder_.at("a/b/file"), "x");
        test::make_link(folder_.at("abs"), "/a/b/file");
        test::make_link(folder_.at("up"), "../../../../a/b/file");
        test::make_link(folder_.at("dangling"), "a/b/new");
        test::make_link(folder_.at("dir"), "a/b");
        test::make_link(folder_.at("loop"), "loop");
    }

    // "INODE-OF-FOLDER-IS a/b: NAME", or what went wrong.
    std::string place(const std::string& path, LastLink last = LastLink::followed) const {
        const os::Root root = os::Root::open(folder_.path()).value();
        const Result<TreePlace> found = find_place(root, path, last);
        if (!found) return found.error().text();
        const bool in_b =
            os::status_of(found->folder)->st_ino == test::status(folder_.at("a/b")).st_ino;
        return (in_b ? "a/b: " : "elsewhere: ") + found->name;
    }

    test::TempFolder folder_;
};

TEST_F(TreePlaceTest, IsAFolderAndANameInIt) {
    EXPECT_EQ(place("/a/b/file"), "a/b: file");
    EXPECT_EQ(place("/a/b/missing"), "a/b: missing");
    EXPECT_EQ(place("/dir/file"), "a/b: file");
    EXPECT_EQ(place("/a/b/"), "a/b: .");
    EXPECT_EQ(place("/a/b/."), "a/b: .");
    EXPECT_EQ(place("/dir/"), "a/b: .");
    EXPECT_EQ(place("/"), "elsewhere: .");
    EXPECT_EQ(place("/../../a/b/file"), "a/b: file");
}

TEST_F(TreePlaceTest, FollowsLinksInsideTheRootAlone) {
    EXPECT_EQ(place("/abs"), "a/b: file");
    EXPECT_EQ(place("/up"), "a/b: file");
    EXPECT_EQ(place("/dangling"), "a/b: new");
    EXPECT_EQ(place("/abs", LastLink::itself), "elsewhere: abs");
    EXPECT_TRUE(place("/loop").contains("Too many levels"));
    EXPECT_TRUE(place("/no/such").contains("No such file"));
    EXPECT_TRUE(place("/a/b/file/x").contains("Not a directory"));
}

TEST(NameOfCopy, IsTheLastOneOrNone) {
    EXPECT_EQ(name_of_copy("/a/b"), "b");
    EXPECT_EQ(name_of_copy("/a/b//"), "b");
    for (const char* path : {"/", "/a/.", "/a/..", ".", ""})
        EXPECT_EQ(name_of_copy(path), ".");
}

}  // namespace
}  // namespace sbx::image
