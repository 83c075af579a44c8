#include "sandbox/child_overlay.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::bytes_of;
using test::exists;
using test::fails_saying;
using test::make_file;
using test::make_folder;
using test::mode_of;
using test::succeeds;
using test::TempFolder;

// Folders with the names that overlay's own options give a meaning to.
Overlay over(const TempFolder& folder) {
    make_folder(folder.at("a:b,c\\d"));
    make_folder(folder.at("to"));
    make_folder(folder.at("own,:"));
    make_file(folder.at("a:b,c\\d/kept"), "of the host");
    return {.from = folder.at("a:b,c\\d"),
            .to = os::InnerPath::clean("/to"),
            .upper = folder.at("own,:/upper"),
            .work = folder.at("own,:/work")};
}

Result<> mount_for(Occasion occasion, const TempFolder& folder, const Overlay& overlay) {
    TRY(prepare_overlays({.mounts = {overlay}}, occasion));
    const os::Fd where(::open(folder.at("to").c_str(), O_PATH | O_CLOEXEC));
    return mount_overlay_on(where, overlay);
}

Result<> mount_in(const TempFolder& folder, const Overlay& overlay) {
    return mount_for(Occasion::life, folder, overlay);
}

TEST(ChildOverlay, LeavesTheSourceAsItIs) {
    const TempFolder folder;
    IN_NAMESPACES {
        const Overlay overlay = over(folder);
        ASSERT_TRUE(succeeds(mount_in(folder, overlay)));
        EXPECT_EQ(bytes_of(folder.at("to/kept")), "of the host");
        make_file(folder.at("to/kept"), "changed");
        make_file(folder.at("to/new"), "");
        EXPECT_EQ(bytes_of(overlay.from + "/kept"), "of the host");
        EXPECT_FALSE(exists(overlay.from + "/new"));
        EXPECT_EQ(bytes_of(overlay.upper + "/kept"), "changed");
    };
}

TEST(ChildOverlay, BeginsEmptyEachTime) {
    const TempFolder folder;
    IN_NAMESPACES {
        const Overlay overlay = over(folder);
        ASSERT_EQ(::chmod(overlay.from.c_str(), 01733), 0);
        for (int life = 0; life < 2; ++life) {
            ASSERT_TRUE(succeeds(mount_in(folder, overlay)));
            EXPECT_FALSE(exists(folder.at("to/new"))) << "life " << life;
            EXPECT_EQ(mode_of(folder.at("to")), 01733U);
            make_file(folder.at("to/new"), "");
            ASSERT_EQ(::umount2(folder.at("to").c_str(), MNT_DETACH), 0);
        }
    };
}

// What else is there is the person's, wherever it is.
TEST(ChildOverlay, LeavesFoldersThatLastAsTheyAre) {
    const TempFolder folder;
    IN_NAMESPACES {
        Overlay overlay = over(folder);
        ASSERT_EQ(::rmdir(folder.at("own,:").c_str()), 0);
        overlay.lasting = true;
        EXPECT_TRUE(fails_saying(mount_in(folder, overlay), "own,:/upper': No such file"));
        make_folder(folder.at("own,:"));
        EXPECT_TRUE(fails_saying(mount_in(folder, overlay), "own,:/upper': No such file"));
        for (const char* name :
             {"upper", "work", "work/work", "work/work/mine", "work/work/mine/deep"})
            make_folder(folder.at(std::string("own,:/") + name));
        make_file(overlay.work + "/work/mine/deep/file", "");
        make_file(overlay.upper + "/earlier", "life");
        ASSERT_TRUE(succeeds(mount_in(folder, overlay)));
        EXPECT_EQ(bytes_of(folder.at("to/earlier")), "life");
        EXPECT_TRUE(exists(overlay.work + "/work/mine/deep/file"));
    };
}

class ChildOverlayVisit : public testing::Test {
protected:
    // What is there then, where `name` is left, too.
    std::string seen_leaving(const std::string& name, Occasion occasion) {
        const Result<> mounted = mount_for(occasion, folder_, overlay_);
        EXPECT_TRUE(succeeds(mounted));
        if (!mounted) return "";
        std::string seen;
        for (const char* one : {"life", "visit", "later"})
            if (exists(folder_.at("to/") + one)) seen += fmt::format("{} ", one);
        if (!name.empty()) make_file(folder_.at("to/" + name), "");
        EXPECT_EQ(::umount2(folder_.at("to").c_str(), MNT_DETACH), 0);
        return seen;
    }
    Result<> begin_life() const { return forget_visits({.mounts = {overlay_}}); }

    TempFolder folder_;
    Overlay overlay_ = over(folder_);
};

TEST_F(ChildOverlayVisit, SeesWhatTheLastLifeHasLeft) {
    IN_NAMESPACES {
        EXPECT_EQ(seen_leaving("life", Occasion::life), "");
        EXPECT_EQ(seen_leaving("visit", Occasion::reading_visit), "life ");
        EXPECT_EQ(seen_leaving("", Occasion::life), "");
    };
}

TEST_F(ChildOverlayVisit, ThatWritesBeginsTheNextLife) {
    IN_NAMESPACES {
        EXPECT_EQ(seen_leaving("life", Occasion::life), "");
        EXPECT_EQ(seen_leaving("visit", Occasion::writing_visit), "") << "what is of the last";
        EXPECT_EQ(seen_leaving("later", Occasion::writing_visit), "visit ");
        EXPECT_EQ(seen_leaving("", Occasion::reading_visit), "visit later ");
        EXPECT_EQ(seen_leaving("life", Occasion::life), "visit later ");
        EXPECT_EQ(seen_leaving("", Occasion::life), "life visit later ") << "it did not start";
        ASSERT_TRUE(succeeds(begin_life()));
        EXPECT_EQ(seen_leaving("", Occasion::life), "") << "the life after that";
    };
}

// Their owner is not whom the container has for root.
TEST(ChildOverlay, HasItsFoldersMadeBeforehand) {
    const TempFolder folder;
    Overlay overlay{.from = "/",
                    .to = os::InnerPath::clean("/to"),
                    .upper = folder.at("own/0/upper"),
                    .work = folder.at("own/0/work")};
    Overlay lasting = overlay;
    lasting.upper = folder.at("mine/upper");
    lasting.lasting = true;
    ASSERT_TRUE(succeeds(make_overlay_folders({.mounts = {overlay, lasting}})));
    EXPECT_EQ(mode_of(folder.at("own/0")), 0700U);
    EXPECT_FALSE(exists(folder.at("mine")));
}

TEST(ChildOverlay, IsOverAFolderAlone) {
    const TempFolder folder;
    IN_NAMESPACES {
        Overlay overlay = over(folder);
        overlay.from += "/kept";
        EXPECT_TRUE(fails_saying(mount_in(folder, overlay), "Not a directory"));
        overlay.from = folder.at("missing");
        EXPECT_TRUE(fails_saying(mount_in(folder, overlay), "No such file or directory"));
    };
}

// A subpath is found below the source, wherever a link of it says that it leads.
TEST(ChildOverlay, StaysBelowItsSource) {
    const TempFolder folder;
    IN_NAMESPACES {
        Overlay overlay = over(folder);
        test::make_link(overlay.from + "/out", folder.at("to"));
        overlay.below = os::InnerPath::clean("/out");
        EXPECT_TRUE(fails_saying(mount_in(folder, overlay), "subpath"));
        make_folder(overlay.from + "/in");
        make_file(overlay.from + "/in/file", "below");
        overlay.below = os::InnerPath::clean("/in");
        ASSERT_TRUE(succeeds(mount_in(folder, overlay)));
        EXPECT_EQ(bytes_of(folder.at("to/file")), "below");
    };
}

}  // namespace
}  // namespace sbx::sandbox
