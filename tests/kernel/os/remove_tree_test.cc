#include <sys/mount.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/tree.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::exists;
using test::fails_saying;
using test::make_fifo;
using test::make_file;
using test::make_folder;
using test::make_link;
using test::succeeds;
using test::TempFolder;

constexpr int kDepth = 5000;

// Folders of `mode` inside one another, with a file at the bottom and one beside each.
void make_chain(FdView folder, int depth, mode_t mode) {
    Fd here = duplicate(folder).value();
    for (int i = 0; i < depth; ++i) {
        Fd next = make_directory(here, "d", 0700).value();
        ASSERT_EQ(::mkdirat(here.get(), "e", 0700), 0);
        ASSERT_EQ(::fchmod(here.get(), i == 0 ? 0700 : mode), 0);
        here = std::move(next);
    }
    ASSERT_EQ(::mknodat(here.get(), "bottom", S_IFREG | 0600, 0), 0);
    ASSERT_EQ(::fchmod(here.get(), mode), 0);
}

TEST(RemoveTree, RemovesEveryKindOfThing) {
    const TempFolder folder;
    make_folder(folder.at("tree"));
    make_folder(folder.at("tree/empty"));
    make_folder(folder.at("tree/full"));
    make_file(folder.at("tree/full/file"));
    make_fifo(folder.at("tree/full/fifo"));
    make_link(folder.at("tree/full/dangling"), "nowhere");
    EXPECT_TRUE(succeeds(remove_tree(folder.fd(), "tree")));
    EXPECT_FALSE(exists(folder.at("tree")));
}

TEST(RemoveTree, RemovesASingleFileAndTakesAbsenceForSuccess) {
    const TempFolder folder;
    make_file(folder.at("file"));
    EXPECT_TRUE(succeeds(remove_tree(folder.fd(), "file")));
    EXPECT_FALSE(exists(folder.at("file")));
    EXPECT_TRUE(succeeds(remove_tree(folder.fd(), "file")));
}

TEST(RemoveTree, FollowsNoLink) {
    const TempFolder folder;
    make_folder(folder.at("precious"));
    make_file(folder.at("precious/file"));
    make_folder(folder.at("tree"));
    make_link(folder.at("tree/link"), "../precious");
    make_link(folder.at("link"), "precious");
    EXPECT_TRUE(succeeds(remove_tree(folder.fd(), "tree")));
    EXPECT_TRUE(succeeds(remove_tree(folder.fd(), "link")));
    EXPECT_TRUE(exists(folder.at("precious/file")));
    EXPECT_FALSE(exists(folder.at("link")));
}

TEST(RemoveTree, ReachesAnyDepthWithAFewDescriptors) {
    const TempFolder folder;
    IN_NAMESPACES {
        const Fd tmpfs = test::mount_tmpfs(folder.path());
        make_chain(tmpfs, kDepth, 0700);
        EXPECT_TRUE(succeeds(remove_tree(tmpfs, "d")));
        EXPECT_EQ(*names_in(tmpfs), std::vector<std::string>{"e"});
    };
}

TEST(RemoveTree, ReachesThroughClosedFoldersAtAnyDepth) {
    const TempFolder folder;
    make_chain(folder.fd(), 70, 0);
    EXPECT_TRUE(succeeds(remove_tree(folder.fd(), "d")));
}

TEST(RemoveTree, IsNotStoppedByTheNamesItWouldUseItself) {
    const TempFolder folder;
    IN_NAMESPACES {
        const Fd tmpfs = test::mount_tmpfs(folder.path());
        make_chain(tmpfs, 200, 0700);
        for (const char* name : {"d/.sbx-deep-0", "d/.sbx-deep-1"}) {
            make_folder(folder.at(name));
            make_file(folder.at(name) + "/left by one that was killed");
        }
        make_file(folder.at("d/.sbx-deep-2"));
        EXPECT_TRUE(succeeds(remove_tree(tmpfs, "d")));
    };
}

class ClosedModes : public testing::TestWithParam<mode_t> {};

TEST_P(ClosedModes, AreOpenedByTheirOwner) {
    const TempFolder folder;
    make_chain(folder.fd(), 5, GetParam());
    EXPECT_TRUE(succeeds(remove_tree(folder.fd(), "d")));
    EXPECT_FALSE(exists(folder.at("d")));
}

INSTANTIATE_TEST_SUITE_P(All, ClosedModes,
                         testing::Values(0, 0100, 0200, 0300, 0400, 0500, 0600, 0077));

TEST(RemoveTree, ReadsAFolderOfManyNamesWhole) {
    const TempFolder folder;
    make_folder(folder.at("tree"));
    for (int i = 0; i < 300; ++i)
        make_file(folder.at(fmt::format("tree/{}", i)));
    EXPECT_TRUE(succeeds(remove_tree(folder.fd(), "tree")));
}

TEST(RemoveTree, LeavesNoDescriptorBehind) {
    const TempFolder folder;
    IN_NAMESPACES {
        const Fd tmpfs = test::mount_tmpfs(folder.path());
        make_chain(tmpfs, 200, 0700);
        const int before = test::open_descriptors();
        EXPECT_TRUE(succeeds(remove_tree(tmpfs, "d")));
        EXPECT_EQ(test::open_descriptors(), before);
    };
}

TEST(RemoveTree, SaysWhatIsInUse) {
    const TempFolder folder;
    make_folder(folder.at("tree"));
    make_folder(folder.at("tree/mounted"));
    IN_NAMESPACES {
        ASSERT_EQ(
            ::mount("/proc", folder.at("tree/mounted").c_str(), nullptr, MS_BIND | MS_REC, nullptr),
            0);
        EXPECT_TRUE(fails_saying(remove_tree(FdView::cwd(), folder.at("tree")),
                                 "'mounted': Device or resource busy"));
    };
}

}  // namespace
}  // namespace sbx::os
