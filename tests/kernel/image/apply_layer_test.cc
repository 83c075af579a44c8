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
using test::tar_long_name;
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

TEST_F(ApplyLayer, SetsTheMetadataOfTheTop) {
    IN_NAMESPACES {
        ASSERT_EQ(unpack(tar_entry({.name = "./", .type = '5', .mode = 0711}) + tar_file("f", "")),
                  "ok");
        EXPECT_EQ(status_of(at(".")).st_mode, S_IFDIR | 0711U);
        EXPECT_EQ(status_of(at(".")).st_mtim.tv_sec, 1'000'000'000);
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

TEST_F(ApplyLayer, LeavesOutDeviceNodes) {
    IN_NAMESPACES {
        const Result<AppliedLayer> applied = apply_text(
            tar_entry({.name = "null", .type = '3', .device_major = 1, .device_minor = 3}) +
                tar_entry({.name = "sda", .type = '4', .device_major = 8}) +
                tar_entry({.name = "data", .type = '3'}),
            scratch_.tree());
        ASSERT_TRUE(applied) << applied.error().text();
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
        EXPECT_EQ(applied->bytes, 8U);
    };
}

TEST_F(ApplyLayer, MayNotHaveNumbersOutOfRange) {
    IN_NAMESPACES {
        const std::string files[] = {
            tar_entry({.name = "f", .patches = {{124, std::string(12, '\xff')}}}),
            tar_entry({.name = "f",
                       .patches = {{124, std::string("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff",
                                                     12)}}}),
            tar_entry({.name = "f", .patches = {{124, "77777777777"}}}),
            tar_pax({{"uid", "4294967296"}}) + tar_file("f", ""),
            tar_pax({{"uid", "-1"}}) + tar_file("f", ""),
            tar_pax({{"gid", "4294967295"}}) + tar_file("f", ""),
            tar_pax({{"mtime", "100000000000000000000"}}) + tar_file("f", ""),
            tar_pax({{"mtime", "1e20"}}) + tar_file("f", ""),
        };
        for (const std::string& tar : files)
            EXPECT_NE(unpack(tar), "ok");
    };
}

TEST_F(ApplyLayer, MayNotSmuggleEntriesPastOneReader) {
    IN_NAMESPACES {
        const std::string inner = tar_file("smuggled", "pwned");
        EXPECT_EQ(unpack(tar_pax({{"size", fmt::format("{}", inner.size())}}) +
                         tar_entry({.name = "outer", .patches = {{124, "00000000000"}}}, inner) +
                         tar_file("last", "")),
                  "ok");
        EXPECT_FALSE(exists(at("smuggled")));
        EXPECT_EQ(content_of(at("outer")), inner);
        EXPECT_TRUE(exists(at("last")));
    };
}

TEST_F(ApplyLayer, MayNotHaveHeadersThatLie) {
    IN_NAMESPACES {
        const std::string x = tar_file("x", "");
        const std::string nul("a\0b", 3);
        const std::string files[] = {
            tar_pax({{"comment", std::string(8 << 20, 'x')}}) + x,
            tar_pax({{"path", nul}}) + x,
            tar_pax({{"linkpath", nul}}) + tar_symlink("x", "y"),
            tar_entry({.name = "x", .type = 'x'}, "99 path=evil\n") + x,
            tar_entry({.name = "x", .type = 'x'}, "9 pathevil\n") + x,
            tar_long_name(std::string(5000, 'n')) + x,
            tar_long_name(std::string(4097, 'n')) + x,
            tar_file(std::string(256, 'n').substr(0, 99), "").substr(0, 400),
            tar_pax({{"path", std::string(256, 'n')}}) + x,
        };
        for (const std::string& tar : files)
            EXPECT_NE(unpack(tar), "ok");
        EXPECT_EQ(unpack(tar_pax({{"path", std::string(255, 'n')}}) + x), "ok");
        EXPECT_TRUE(exists(at(std::string(255, 'n'))));
        EXPECT_FALSE(exists(at("x"))) << "no lie falls back on the short name";
    };
}

TEST_F(ApplyLayer, MayNotBeCutShortOrDamaged) {
    IN_NAMESPACES {
        const std::string file = tar_file("f", std::string(2000, 'x'));
        EXPECT_NE(unpack(file.substr(0, 1500)), "ok");
        EXPECT_NE(unpack(tar_entry({.name = "g", .damage = {{0, "h"}}})), "ok");
        EXPECT_EQ(unpack(file), "ok") << "no end blocks";
        EXPECT_EQ(unpack(file + test::tar_end() + "trailing"), "ok");
    };
}

}  // namespace
}  // namespace sbx::image
