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
    make_file(folder.at("a:b,c\\d/kept"), "of the host");
    return {.from = folder.at("a:b,c\\d"),
            .to = os::InnerPath::clean("/to"),
            .upper = folder.at("own,:/upper"),
            .work = folder.at("own,:/work")};
}

Result<> mount_in(const TempFolder& folder, const Overlay& overlay) {
    const os::Fd where(::open(folder.at("to").c_str(), O_PATH | O_CLOEXEC));
    return mount_overlay_on(where, overlay);
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

TEST(ChildOverlay, CanLast) {
    const TempFolder folder;
    IN_NAMESPACES {
        Overlay overlay = over(folder);
        overlay.lasting = true;
        EXPECT_TRUE(fails_saying(mount_in(folder, overlay), "own,:/upper': No such file"));
        for (const char* name : {"own,:", "own,:/upper", "own,:/work"})
            make_folder(folder.at(name));
        make_file(overlay.upper + "/earlier", "life");
        ASSERT_TRUE(succeeds(mount_in(folder, overlay)));
        EXPECT_EQ(bytes_of(folder.at("to/earlier")), "life");
    };
}

TEST(ChildOverlay, HasInItsNextLifeWhatWasPutThereBetween) {
    const TempFolder folder;
    IN_NAMESPACES {
        const Overlay life = over(folder);
        Overlay visit = life;
        visit.lasting = true;
        ASSERT_TRUE(succeeds(mount_in(folder, life)));
        make_file(folder.at("to/written"), "");
        ASSERT_EQ(::umount2(folder.at("to").c_str(), MNT_DETACH), 0);
        ASSERT_TRUE(succeeds(open_to_visits(life, Changes::for_next_life)));
        ASSERT_TRUE(succeeds(mount_in(folder, visit)));
        EXPECT_TRUE(exists(folder.at("to/written")));
        make_file(folder.at("to/put"), "");
        ASSERT_EQ(::umount2(folder.at("to").c_str(), MNT_DETACH), 0);
        ASSERT_TRUE(succeeds(mount_in(folder, life)));
        EXPECT_TRUE(exists(folder.at("to/put")));
        ASSERT_EQ(::umount2(folder.at("to").c_str(), MNT_DETACH), 0);
        ASSERT_TRUE(succeeds(open_to_visits(life, Changes::none)));
        ASSERT_TRUE(succeeds(mount_in(folder, life)));
        EXPECT_FALSE(exists(folder.at("to/put"))) << "the life after that";
    };
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
