#include "image/layer_tree.h"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/vfs.h>

#include "os/mount.h"
#include "support/canary.h"
#include "support/layer.h"
#include "support/namespaces.h"
#include "support/tar_writer.h"

namespace sbx::image {
namespace {

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

// What layers get that were made to reach out of their folder; nothing else changes.
class HostileLayer : public testing::Test {
protected:
    std::string at(const std::string& path) const { return scratch_.tree() + "/" + path; }
    std::string unpack(const std::string& tar, const LayerLimits& limits = {}) const {
        return outcome(tar, scratch_.tree(), {.limits = limits});
    }
    std::string canary() const { return scratch_.canary(); }

    // Run outside of the namespaces, which would show other owners.
    void TearDown() override { EXPECT_TRUE(scratch_.canary_is_untouched()); }

    test::Scratch scratch_;
};

TEST_F(HostileLayer, MayNotNameAPlaceOutside) {
    IN_NAMESPACES {
        for (const char* name : {"../x", "a/../../x", "/../x", "a/.."})
            EXPECT_EQ(
                unpack(tar_file(name, "pwned")),
                fmt::format("entry 1 at offset 0x0 '{}': '{}' leads out of the layer", name, name));
        EXPECT_EQ(unpack(tar_file("CANARY/secret", "")), "ok");
    };
}

TEST_F(HostileLayer, WritesThroughLinksInsideItselfOrNotAtAll) {
    IN_NAMESPACES {
        const std::string file = canary() + "/pwned";
        EXPECT_NE(unpack(tar_symlink("out", canary()) + tar_file("out/pwned", "x")), "ok");
        EXPECT_NE(
            unpack(tar_symlink("up", "../../../../../.." + canary()) + tar_file("up/pwned", "x")),
            "ok");
        // Where the link leads to something inside, that is what it means.
        EXPECT_EQ(unpack(tar_folder(canary().substr(1)) + tar_symlink("in", canary()) +
                         tar_file("in/pwned", "x")),
                  "ok");
        EXPECT_EQ(content_of(scratch_.tree() + file), "x");
        EXPECT_FALSE(exists(file));
    };
}

TEST_F(HostileLayer, ReplacesALinkRatherThanWhatItLeadsTo) {
    IN_NAMESPACES {
        EXPECT_EQ(
            unpack(tar_symlink("f", canary() + "/secret") + tar_file("f", "mine") +
                   tar_symlink("d", canary()) + tar_folder("d") + tar_file("d/new", "") +
                   tar_symlink("p", canary() + "/secret") + tar_entry({.name = "p", .type = '6'})),
            "ok");
        EXPECT_EQ(content_of(at("f")), "mine");
        EXPECT_TRUE(S_ISDIR(status_of(at("d")).st_mode));
        EXPECT_TRUE(S_ISFIFO(status_of(at("p")).st_mode));
    };
}

// A folder that was looked up once is looked up again when something else is in its place.
TEST_F(HostileLayer, ForgetsAFolderThatIsReplaced) {
    IN_NAMESPACES {
        EXPECT_NE(unpack(tar_folder("a") + tar_folder("a/b") + tar_file("a/b/1", "") +
                         tar_symlink("a/b", canary()) + tar_file("a/b/2", "pwned")),
                  "ok");
        EXPECT_NE(unpack(tar_folder("c/d") + tar_file("c/d/1", "") + tar_symlink("c", canary()) +
                         tar_file("c/d/2", "pwned")),
                  "ok");
        EXPECT_EQ(unpack(tar_symlink("l", "x") + tar_file("x/1", "") + tar_file("l/2", "") +
                         tar_symlink("l", "y") + tar_file("y/1", "") + tar_file("l/3", "")),
                  "ok");
        EXPECT_TRUE(exists(at("x/2")));
        EXPECT_TRUE(exists(at("y/3")));
    };
}

TEST_F(HostileLayer, MayNotReplaceItsRoot) {
    IN_NAMESPACES {
        for (const char* name : {".", "./", "/.", "/"})
            EXPECT_TRUE(unpack(tar_symlink(name, canary()))
                            .ends_with("it would replace the root of the layer"))
                << name;
        EXPECT_NE(unpack(tar_hard_link(".", "x")), "ok");
        EXPECT_NE(unpack(tar_entry({.name = "./."})), "ok");
    };
}

TEST_F(HostileLayer, MayLinkToItsOwnFilesAlone) {
    IN_NAMESPACES {
        const std::string secret = canary() + "/secret";
        EXPECT_TRUE(unpack(tar_hard_link("a", secret)).ends_with("which the layer does not have"));
        EXPECT_TRUE(unpack(tar_hard_link("a", "../CANARY/secret"))
                        .ends_with("'../CANARY/secret' leads out of the layer"));
        EXPECT_NE(unpack(tar_symlink("l", canary()) + tar_hard_link("a", "l/secret")), "ok");
        EXPECT_EQ(unpack(tar_symlink("s", secret) + tar_hard_link("t", "s")), "ok");
        EXPECT_TRUE(S_ISLNK(status_of(at("t")).st_mode));
        EXPECT_TRUE(
            unpack(tar_folder("d") + tar_hard_link("e", "d")).ends_with("which is no file"));
        EXPECT_TRUE(unpack(tar_entry({.name = "p", .type = '6'}) + tar_hard_link("q", "p"))
                        .ends_with("which is no file"));
        EXPECT_TRUE(
            unpack(tar_file(".wh.w", "") + tar_hard_link("v", "w")).ends_with("which is no file"));
        EXPECT_TRUE(unpack(tar_hard_link("self", "self")).ends_with("it is a hard link to itself"));
        EXPECT_TRUE(unpack(tar_hard_link("early", "late") + tar_file("late", ""))
                        .ends_with("which the layer does not have"));
    };
}

TEST_F(HostileLayer, ChangesNoMetadataThroughLinks) {
    IN_NAMESPACES {
        EXPECT_EQ(unpack(tar_symlink("l", canary() + "/secret") +
                         tar_entry({.name = "l",
                                    .type = '2',
                                    .target = canary() + "/secret",
                                    .mode = 0777,
                                    .mtime = 1})),
                  "ok");
        EXPECT_EQ(status_of(at("l")).st_mtim.tv_sec, 1);
        EXPECT_EQ(unpack(tar_symlink("d", canary()) +
                         tar_entry({.name = "d/", .type = '5', .mode = 0777, .mtime = 1})),
                  "ok");
        EXPECT_TRUE(S_ISDIR(status_of(at("d")).st_mode));
    };
}

TEST_F(HostileLayer, MayNotHideThroughLinksOrWithoutAName) {
    IN_NAMESPACES {
        for (const char* name : {".wh.", ".wh..", ".wh...", "a/.wh..", "a/.wh."})
            EXPECT_TRUE(
                unpack(tar_file(name, "")).ends_with("is a whiteout of nothing that has a name"))
                << name;
        EXPECT_TRUE(unpack(tar_file(".wh.a/../../x", "")).ends_with("leads out of the layer"));
        EXPECT_TRUE(unpack(tar_file(".wh.a/x", "")).ends_with("it is below a whiteout"));
        const std::string link =
            tar_folder("real") + tar_symlink("in", "real") + tar_symlink("out", canary());
        for (const char* name :
             {"in/.wh.x", "out/.wh.secret", "in/.wh..wh..opq", "out/.wh..wh..opq"})
            EXPECT_TRUE(unpack(link + tar_file(name, "")).contains("symbolic link")) << name;
        EXPECT_FALSE(exists(at("real/x")));
    };
}

TEST_F(HostileLayer, NestsAsDeepAsPathsGoAndNoDeeper) {
    IN_NAMESPACES {
        std::string deep;
        for (int i = 0; i < 1023; ++i)
            deep += "d/";
        EXPECT_EQ(unpack(tar_pax({{"path", deep + "f"}}) + tar_file("x", "")), "ok");
        EXPECT_TRUE(exists(at(deep + "f")));
        EXPECT_TRUE(unpack(tar_pax({{"path", deep + "d/f"}}) + tar_file("x", ""))
                        .ends_with("is deeper than 1024 folders"));
        EXPECT_EQ(unpack(tar_file("d", "in place of a thousand folders")), "ok");
    };
}

TEST_F(HostileLayer, NamesAreBytes) {
    IN_NAMESPACES {
        const std::string names[] = {"\xc3\xa9", "e\xcc\x81", "\xff\xfe", "\x1b]0;x\a", "a\nb"};
        std::string tar;
        for (const std::string& name : names)
            tar += tar_pax({{"path", name}}) + tar_file("x", name);
        ASSERT_EQ(unpack(tar), "ok");
        for (const std::string& name : names)
            EXPECT_EQ(content_of(at(name)), name);
        EXPECT_EQ(
            unpack(tar_entry({.name = "\x1b[2J\n", .type = 'Z'})),
            "entry 1 at offset 0x0 '\\x1b[2J\\x0a': it is of type 'Z', which no layer may have");
    };
}

}  // namespace
}  // namespace sbx::image
