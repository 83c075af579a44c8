#include "image/apply_layer.h"

#include <cstring>

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "os/mount.h"
#include "support/canary.h"
#include "support/layer.h"
#include "support/namespaces.h"
#include "support/tar_writer.h"

namespace sbx::image {
namespace {

using test::apply_text;
using test::content_of;
using test::exists;
using test::outcome;
using test::status_of;
using test::tar_entry;
using test::tar_file;
using test::tar_folder;
using test::tar_hard_link;
using test::tar_pax;
using test::tar_symlink;

const std::string kWhiteout = ".wh.";
const std::string kOpaque = ".wh..wh..opq";

class ApplyLayer : public testing::Test {
protected:
    std::string at(const std::string& path) const { return scratch_.tree() + "/" + path; }
    std::string unpack(const std::string& tar) const { return outcome(tar, scratch_.tree()); }

    static std::string attribute(const std::string& path, const char* name) {
        char value[256];
        const ssize_t size = ::lgetxattr(path.c_str(), name, value, sizeof value);
        return size < 0 ? "none" : std::string(value, static_cast<std::size_t>(size));
    }

    test::Scratch scratch_;
};

TEST_F(ApplyLayer, MakesEveryKindOfFile) {
    IN_NAMESPACES {
        ASSERT_EQ(unpack(tar_folder("etc") + tar_file("etc/motd", "hello") +
                         tar_symlink("etc/link", "motd") + tar_hard_link("etc/other", "etc/motd") +
                         tar_entry({.name = "pipe", .type = '6', .mode = 0620})),
                  "ok");
        EXPECT_EQ(content_of(at("etc/motd")), "hello");
        EXPECT_EQ(status_of(at("etc/motd")).st_ino, status_of(at("etc/other")).st_ino);
        EXPECT_EQ(*os::read_link(os::FdView::cwd(), at("etc/link")), "motd");
        EXPECT_EQ(status_of(at("pipe")).st_mode, S_IFIFO | 0620U);
    };
}

TEST_F(ApplyLayer, SetsModesWhateverTheUmaskIs) {
    IN_NAMESPACES {
        ::umask(0077);
        ASSERT_EQ(unpack(tar_entry({.name = "su", .mode = 06755}, "x") +
                         tar_entry({.name = "secret", .mode = 0}, "x") +
                         tar_entry({.name = "tmp", .type = '5', .mode = 01777}) +
                         tar_entry({.name = "group", .type = '5', .mode = 02770}) +
                         tar_file("group/in", "") + tar_file("implied/in", "")),
                  "ok");
        EXPECT_EQ(status_of(at("su")).st_mode, S_IFREG | 06755U);
        EXPECT_EQ(status_of(at("secret")).st_mode, S_IFREG | 0U);
        EXPECT_EQ(status_of(at("tmp")).st_mode, S_IFDIR | 01777U);
        EXPECT_EQ(status_of(at("group")).st_mode, S_IFDIR | 02770U);
        EXPECT_EQ(status_of(at("implied")).st_mode, S_IFDIR | 0755U);
        EXPECT_EQ(::umask(0), 0077U) << "and the umask is as it was";
    };
}

TEST_F(ApplyLayer, SetsTimesOfFilesLinksAndFolders) {
    IN_NAMESPACES {
        ASSERT_EQ(
            unpack(tar_folder("d") + tar_pax({{"mtime", "12.25"}}) + tar_file("d/f", "x") +
                   tar_symlink("d/l", "f") + tar_pax({{"mtime", "-5"}}) + tar_file("d/g", "")),
            "ok");
        EXPECT_EQ(status_of(at("d")).st_mtim.tv_sec, 1'000'000'000);
        EXPECT_EQ(status_of(at("d/f")).st_mtim.tv_sec, 12);
        EXPECT_EQ(status_of(at("d/f")).st_mtim.tv_nsec, 250'000'000);
        EXPECT_EQ(status_of(at("d/l")).st_mtim.tv_sec, 1'000'000'000);
        EXPECT_EQ(status_of(at("d/g")).st_mtim.tv_sec, -5);
    };
}

TEST_F(ApplyLayer, SetsTheMetadataOfTheTop) {
    IN_NAMESPACES {
        ASSERT_EQ(unpack(tar_entry({.name = "./", .type = '5', .mode = 0711}) + tar_file("f", "")),
                  "ok");
        EXPECT_EQ(status_of(at(".")).st_mode, S_IFDIR | 0711U);
        EXPECT_EQ(status_of(at(".")).st_mtim.tv_sec, 1'000'000'000);
    };
}

TEST_F(ApplyLayer, GivesFilesToTheIdsThatTheLayerNames) {
    IN_ID_RANGE {
        ASSERT_EQ(unpack(tar_entry({.name = "d", .type = '5', .mode = 02755, .uid = 1, .gid = 50}) +
                         tar_entry({.name = "d/f", .mode = 04711, .uid = 33, .gid = 44}, "x") +
                         tar_entry({.name = "d/root", .mode = 0644}, "x") +
                         tar_entry({.name = "l", .type = '2', .target = "x", .uid = 5, .gid = 6}) +
                         tar_entry({.name = "p", .type = '6', .uid = 7, .gid = 8})),
                  "ok");
        EXPECT_EQ(status_of(at("d")).st_gid, 50U);
        EXPECT_EQ(status_of(at("d")).st_mode, S_IFDIR | 02755U);
        EXPECT_EQ(status_of(at("d/f")).st_uid, 33U);
        EXPECT_EQ(status_of(at("d/f")).st_gid, 44U);
        EXPECT_EQ(status_of(at("d/f")).st_mode, S_IFREG | 04711U) << "set behind the owner";
        EXPECT_EQ(status_of(at("d/root")).st_gid, 0U) << "not the set-group-id folder's";
        EXPECT_EQ(status_of(at("l")).st_uid, 5U);
        EXPECT_EQ(status_of(at("p")).st_gid, 8U);
    };
}

TEST_F(ApplyLayer, NamesTheIdThatIsNotMapped) {
    IN_ID_RANGE {
        const Result<AppliedLayer> applied =
            apply_text(tar_pax({{"uid", "4294967294"}}) + tar_file("etc/far", ""), scratch_.tree());
        ASSERT_FALSE(applied);
        EXPECT_EQ(applied.error().text(),
                  "entry 1 at offset 0x0 'etc/far': it belongs to user 4294967294, group 0, which "
                  "your subordinate ids do not reach");
        EXPECT_TRUE(applied.error().hint().contains("/etc/subuid"));
    };
}

TEST_F(ApplyLayer, GivesEverythingToRootWhenAsked) {
    IN_NAMESPACES {
        const std::string tar = tar_entry({.name = "f", .mode = 04755, .uid = 33, .gid = 44}, "x") +
                                tar_entry({.name = "d", .type = '5', .uid = 33}) +
                                tar_entry({.name = "l", .type = '2', .target = "f", .uid = 33});
        ASSERT_EQ(outcome(tar, scratch_.tree(), {.ownership = Ownership::all_mine}), "ok");
        EXPECT_EQ(status_of(at("f")).st_uid, 0U);
        EXPECT_EQ(status_of(at("f")).st_mode, S_IFREG | 04755U);
        EXPECT_EQ(status_of(at("d")).st_uid, 0U);
        EXPECT_EQ(status_of(at("l")).st_uid, 0U);
    };
}

TEST_F(ApplyLayer, ResolvesNamesInsideTheLayer) {
    IN_NAMESPACES {
        ASSERT_EQ(unpack(tar_file("/abs", "1") + tar_file("./dot", "2") + tar_folder("run") +
                         tar_folder("var") + tar_symlink("var/run", "/run") +
                         tar_file("var/run/pid", "3") + tar_hard_link("again", "/abs")),
                  "ok");
        EXPECT_EQ(content_of(at("abs")), "1");
        EXPECT_EQ(content_of(at("dot")), "2");
        EXPECT_EQ(content_of(at("run/pid")), "3");
        EXPECT_EQ(status_of(at("again")).st_nlink, 2U);
    };
}

TEST_F(ApplyLayer, TheLastOfTwoEntriesWins) {
    IN_NAMESPACES {
        ASSERT_EQ(unpack(tar_file("a", "1") + tar_file("a", "2") +       // a file twice
                         tar_file("b/c", "") + tar_file("b", "file") +   // a folder, then a file
                         tar_file("d", "") + tar_folder("d") +           // and back
                         tar_symlink("e", "a") + tar_file("e", "own") +  // a link, then a file
                         tar_folder("f") + tar_file("f/g", "") + tar_folder("f")),
                  "ok");
        EXPECT_EQ(content_of(at("a")), "2");
        EXPECT_EQ(content_of(at("b")), "file");
        EXPECT_TRUE(S_ISDIR(status_of(at("d")).st_mode));
        EXPECT_EQ(content_of(at("e")), "own");
        EXPECT_TRUE(exists(at("f/g"))) << "a folder that comes twice is joined";
    };
}

TEST_F(ApplyLayer, AFileThatIsReplacedTakesNoOtherNameAlong) {
    IN_NAMESPACES {
        ASSERT_EQ(unpack(tar_file("a", "1") + tar_hard_link("b", "a") + tar_file("a", "2")), "ok");
        EXPECT_EQ(content_of(at("a")), "2");
        EXPECT_EQ(content_of(at("b")), "1");
    };
}

TEST_F(ApplyLayer, AHardLinksHeaderCounts) {
    IN_NAMESPACES {
        ASSERT_EQ(unpack(tar_entry({.name = "a", .mode = 0755}, "x") +
                         tar_entry({.name = "b", .type = '1', .target = "a", .mode = 0600}) +
                         tar_symlink("l", "a") + tar_hard_link("m", "l")),
                  "ok");
        EXPECT_EQ(status_of(at("a")).st_mode, S_IFREG | 0600U);
        EXPECT_EQ(status_of(at("l")).st_ino, status_of(at("m")).st_ino) << "of the link itself";
    };
}

TEST_F(ApplyLayer, ManyLinksToOneFileAreOneFile) {
    IN_NAMESPACES {
        std::string tar = tar_file("first", "x");
        for (int i = 0; i < 20'000; ++i)
            tar += tar_hard_link(fmt::format("link{}", i), "first");
        ASSERT_EQ(unpack(tar), "ok");
        EXPECT_EQ(status_of(at("first")).st_nlink, 20'001U);
    };
}

TEST_F(ApplyLayer, WhiteoutsAreWhatOverlayUnderstands) {
    IN_NAMESPACES {
        ASSERT_EQ(unpack(tar_folder("etc") + tar_file("etc/" + kWhiteout + "passwd", "") +
                         tar_file("var/" + kOpaque, "") + tar_folder(".wh..wh.plnk")),
                  "ok");
        EXPECT_FALSE(exists(at(".wh..wh.plnk")));
        EXPECT_TRUE(S_ISCHR(status_of(at("etc/passwd")).st_mode));
        EXPECT_EQ(status_of(at("etc/passwd")).st_rdev, ::makedev(0, 0));
        EXPECT_EQ(attribute(at("var"), "user.overlay.opaque"), "y");
    };
}

// image-spec, layer.md: a whiteout hides what is below, never what is in its own layer.
TEST_F(ApplyLayer, WhiteoutsDoNotTouchTheirOwnLayerInAnyOrder) {
    IN_NAMESPACES {
        const std::string file = tar_file("a/b", "mine");
        const std::string opaque = tar_file("a/" + kOpaque, "");
        const std::string hides = tar_file("a/" + kWhiteout + "b", "");
        for (const std::string& tar : {file + opaque + hides, hides + opaque + file}) {
            const std::string name = tar == file + opaque + hides ? "before" : "behind";
            ASSERT_EQ(::mkdir(at(name).c_str(), 0755), 0);
            ASSERT_EQ(outcome(tar, at(name)), "ok");
            EXPECT_EQ(content_of(at(name + "/a/b")), "mine");
            EXPECT_EQ(attribute(at(name + "/a"), "user.overlay.opaque"), "y");
        }
    };
}

TEST_F(ApplyLayer, AFolderWithAWhiteoutOfItsNameHidesTheOneBelow) {
    IN_NAMESPACES {
        ASSERT_EQ(unpack(tar_file(kWhiteout + "a", "") + tar_folder("a") +        // before it
                         tar_file("b/x", "") + tar_file(kWhiteout + "b", "") +    // behind it
                         tar_file(kWhiteout + "c", "") + tar_file("c/d/x", "")),  // implied
                  "ok");
        for (const char* folder : {"a", "b", "c"})
            EXPECT_EQ(attribute(at(folder), "user.overlay.opaque"), "y") << folder;
        EXPECT_TRUE(exists(at("c/d/x")));
    };
}

TEST_F(ApplyLayer, ServesAsALowerDirectoryOfOverlay) {
    IN_NAMESPACES {
        for (const char* folder : {"low", "up", "merged"})
            ASSERT_EQ(::mkdir(at(folder).c_str(), 0755), 0);
        ASSERT_EQ(outcome(tar_file("gone", "") + tar_file("kept", "low") + tar_file("dir/old", "") +
                              tar_file("plain/old", ""),
                          at("low")),
                  "ok");
        ASSERT_EQ(outcome(tar_file(kWhiteout + "gone", "") + tar_file("dir/" + kOpaque, "") +
                              tar_file("dir/new", "") + tar_file("plain/new", ""),
                          at("up")),
                  "ok");
        const Result<> mounted = os::mount_overlay(
            at("merged"), "lowerdir=" + at("up") + ":" + at("low") + ",userxattr");
        ASSERT_TRUE(mounted) << mounted.error().text();
        EXPECT_FALSE(exists(at("merged/gone")));
        EXPECT_EQ(content_of(at("merged/kept")), "low");
        EXPECT_FALSE(exists(at("merged/dir/old")));
        EXPECT_TRUE(exists(at("merged/dir/new")));
        EXPECT_TRUE(exists(at("merged/plain/old")));
        EXPECT_TRUE(exists(at("merged/plain/new")));
    };
}

TEST_F(ApplyLayer, KeepsAttributesThatMayBeKept) {
    IN_ID_RANGE {
        const std::string capability("\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
        const std::string tar =
            tar_pax({{"SCHILY.xattr.user.mine", "1"},
                     {"SCHILY.xattr.security.capability", capability},
                     {"SCHILY.xattr.user.overlay.opaque", "y"},
                     {"SCHILY.xattr.user.containers.override_stat", "0:0:4755"},
                     {"SCHILY.xattr.security.selinux", "x"},
                     {"SCHILY.xattr.trusted.overlay.opaque", "y"}}) +
            tar_entry({.name = "cap", .mode = 0755, .uid = 3}, "x") +
            tar_pax({{"SCHILY.xattr.user.overlay.opaque", "y"}, {"SCHILY.xattr.user.d", "2"}}) +
            tar_folder("d");
        ASSERT_EQ(unpack(tar), "ok");
        EXPECT_EQ(attribute(at("cap"), "user.mine"), "1");
        EXPECT_EQ(attribute(at("cap"), "security.capability"), capability) << "as seen in here";
        EXPECT_EQ(attribute(at("d"), "user.d"), "2");
        for (const char* name : {"user.overlay.opaque", "user.containers.override_stat",
                                 "security.selinux", "trusted.overlay.opaque"}) {
            EXPECT_EQ(attribute(at("cap"), name), "none") << name;
            EXPECT_EQ(attribute(at("d"), name), "none") << name;
        }
    };
}

TEST_F(ApplyLayer, FileCapabilitiesHoldInTheNamespaceAlone) {
    if (::getuid() == 0) GTEST_SKIP() << "the root of the test's namespace is root out here";
    const std::string capability("\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
    IN_ID_RANGE {
        ASSERT_EQ(unpack(tar_pax({{"SCHILY.xattr.security.capability", capability}}) +
                         tar_entry({.name = "cap", .mode = 0755}, "x")),
                  "ok");
    };
    const std::string outside = attribute(at("cap"), "security.capability");
    ASSERT_EQ(outside.size(), sizeof(vfs_ns_cap_data));
    EXPECT_EQ(outside[3], 3) << "revision";
    std::uint32_t root = 1;
    std::memcpy(&root, outside.data() + 20, sizeof root);
    EXPECT_EQ(root, ::getuid()) << "whose root it is";
}

TEST_F(ApplyLayer, LeavesOutDeviceNodes) {
    IN_NAMESPACES {
        const Result<AppliedLayer> applied = apply_text(
            tar_entry({.name = "null", .type = '3', .device_major = 1, .device_minor = 3}) +
                tar_entry({.name = "sda", .type = '4', .device_major = 8}) +
                tar_entry({.name = "data", .type = '3'}),
            scratch_.tree());
        ASSERT_TRUE(applied) << applied.error().text();
        EXPECT_EQ(applied->skipped, 3U);
        for (const char* name : {"null", "sda", "data"})
            EXPECT_FALSE(exists(at(name))) << name;
    };
}

TEST_F(ApplyLayer, SparseFilesStaySparse) {
    IN_NAMESPACES {
        ASSERT_EQ(unpack(tar_entry({.name = "f",
                                    .type = 'S',
                                    .magic = std::string("ustar  \0", 8),
                                    .patches = {{386, "00010000000"},
                                                {398, "00000000004"},
                                                {410, "00100000000"},
                                                {422, "00000000000"},
                                                {483, "00100000000"}}},
                                   "data")),
                  "ok");
        EXPECT_EQ(status_of(at("f")).st_size, 1 << 24);
        EXPECT_LE(status_of(at("f")).st_blocks, 64);
        const os::Fd file(::open(at("f").c_str(), O_RDONLY | O_CLOEXEC));
        char data[4];
        ASSERT_EQ(::pread(file.get(), data, 4, 1 << 21), 4);
        EXPECT_EQ(std::string(data, 4), "data");
    };
}

TEST_F(ApplyLayer, ReadsTheStreamToItsEnd) {
    IN_NAMESPACES {
        const std::string tar = tar_file("f", "x") + test::tar_end() + std::string(50'000, 'z');
        archive::TextReader text(tar);
        ASSERT_TRUE(apply_layer(text, *os::Root::open(scratch_.tree()), {}));
        char one = 0;
        EXPECT_EQ(*text.read({&one, 1}), 0U);
    };
}

TEST_F(ApplyLayer, CountsWhatItMade) {
    IN_NAMESPACES {
        const Result<AppliedLayer> applied = apply_text(
            tar_folder("d") + tar_file("d/a", "12345") + tar_file("d/b", "123"), scratch_.tree());
        ASSERT_TRUE(applied);
        EXPECT_EQ(applied->entries, 3U);
        EXPECT_EQ(applied->bytes, 8U);
    };
}

}  // namespace
}  // namespace sbx::image
