#include "image/metadata.h"

#include <cstring>

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "os/mount.h"
#include "support/canary.h"
#include "support/id_range.h"
#include "support/layer.h"
#include "support/namespaces.h"
#include "support/tar_writer.h"

namespace sbx::image {
namespace {

using test::apply_text;
using test::outcome;
using test::status_of;
using test::tar_entry;
using test::tar_file;
using test::tar_folder;
using test::tar_pax;
using test::tar_symlink;

class Metadata : public testing::Test {
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

TEST_F(Metadata, SetsTimesOfFilesLinksAndFolders) {
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

TEST_F(Metadata, GivesFilesToTheIdsThatTheLayerNames) {
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

TEST_F(Metadata, NamesTheIdThatIsNotMapped) {
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

TEST_F(Metadata, GivesEverythingToRootWhenAsked) {
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

TEST_F(Metadata, KeepsAttributesThatMayBeKept) {
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
        const os::Fd file(::open(at("cap").c_str(), O_RDONLY | O_CLOEXEC));
        EXPECT_EQ(attributes_of(file),
                  (Attributes{{"security.capability", capability}, {"user.mine", "1"}}));
        for (const char* name : {"user.overlay.opaque", "user.containers.override_stat",
                                 "security.selinux", "trusted.overlay.opaque"}) {
            EXPECT_EQ(attribute(at("cap"), name), "none") << name;
            EXPECT_EQ(attribute(at("d"), name), "none") << name;
        }
    };
}

TEST_F(Metadata, FileCapabilitiesHoldInTheNamespaceAlone) {
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

}  // namespace
}  // namespace sbx::image
