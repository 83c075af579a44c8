#include "sandbox/probe.h"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/text.h"
#include "os/file.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::TempFolder;

os::IdMap own_id_alone() {
    return {.uids = {{.inside = 0, .outside = ::geteuid()}},
            .gids = {{.inside = 0, .outside = ::getegid()}},
            .writer = os::IdMap::Writer::self};
}

TEST(Probe, FindsWhatThisMachineHas) {
    const TempFolder folder;
    const Facilities found = probe(own_id_alone(), folder.path());
    EXPECT_EQ(found.no_namespaces, "");
    EXPECT_TRUE(found.own_sysfs);
    EXPECT_TRUE(found.own_proc);
}

TEST(Probe, LeavesNothingWhereLayersAreKept) {
    const TempFolder folder;
    (void)probe(own_id_alone(), folder.path());
    EXPECT_TRUE(os::names_in(folder.fd()).value().empty());
}

// Nowhere to try overlay: the rest is found all the same.
TEST(Probe, WorksWhereLayersCannotBeKept) {
    const TempFolder folder;
    const Facilities found = probe(own_id_alone(), folder.at("missing"));
    EXPECT_EQ(found.no_namespaces, "");
    EXPECT_FALSE(found.overlay);
}

TEST(Probe, SaysWhyThereAreNoNamespaces) {
    const TempFolder folder;
    os::IdMap twice = own_id_alone();
    twice.uids.push_back(twice.uids.front());
    const Facilities found = probe(twice, folder.path());
    EXPECT_NE(found.no_namespaces, "");
    EXPECT_FALSE(found.own_proc || found.own_sysfs || found.overlay);
    EXPECT_TRUE(os::names_in(folder.fd()).value().empty()) << "and leaves nothing then, too";
}

TEST(Probe, SaysThatTheirNumberIsLimited) {
    const TempFolder folder;
    IN_NAMESPACES {
        const os::Fd limit(::open("/proc/sys/user/max_user_namespaces", O_WRONLY | O_CLOEXEC));
        ASSERT_TRUE(test::succeeds(os::write_all(limit, "0")));
        const Facilities found = probe(own_id_alone(), folder.path());
        EXPECT_TRUE(found.no_namespaces.contains("No space left on device")) << found.no_namespaces;
    };
}

// Wherever one is mounted: a single whole one would do.
void mask_every_proc() {
    const std::string mounts = test::bytes_of("/proc/self/mountinfo");
    for (const std::string_view line : split(mounts, '\n')) {
        if (!line.contains(" - proc ")) continue;
        const std::string folder = std::string(split(line, ' ')[4]) + "/sys";
        EXPECT_EQ(::mount("none", folder.c_str(), "tmpfs", 0, nullptr), 0) << folder;
    }
}

// As in a container of docker: a new proc would show what is masked in the old one.
TEST(Probe, NoticesAMaskedProc) {
    const TempFolder folder;
    IN_NAMESPACES {
        mask_every_proc();
        const Facilities found = probe(own_id_alone(), folder.path());
        EXPECT_EQ(found.no_namespaces, "");
        EXPECT_FALSE(found.own_proc);
        EXPECT_TRUE(found.own_sysfs);
    };
}

// On a file system that keeps no extended attributes of users overlay has no opaque folders.
TEST(Probe, NoticesThatOverlayCannotBeHad) {
    const TempFolder folder;
    IN_NAMESPACES {
        ASSERT_EQ(::mount("none", folder.path().c_str(), "ramfs", 0, nullptr), 0);
        EXPECT_FALSE(probe(own_id_alone(), folder.path()).overlay);
        ASSERT_EQ(::umount2(folder.path().c_str(), MNT_DETACH), 0);
    };
}

}  // namespace
}  // namespace sbx::sandbox
