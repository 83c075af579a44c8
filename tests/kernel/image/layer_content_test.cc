#include "image/layer_content.h"

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

class LayerContent : public testing::Test {
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

TEST_F(LayerContent, StopsAtItsLimits) {
    IN_NAMESPACES {
        const std::string tar =
            tar_file("a", std::string(3000, 'x')) + tar_file("b", "") + tar_file("c", "");
        EXPECT_TRUE(unpack(tar, {.bytes = 2999})
                        .ends_with("the layer is larger than 3 kB, which is the limit"))
            << unpack(tar, {.bytes = 2999});
        EXPECT_EQ(unpack(tar, {.entries = 2}), "the layer has more than 2 entries");
        EXPECT_EQ(unpack(tar, {.bytes = 3000, .entries = 3}), "ok");
    };
}

TEST_F(LayerContent, StopsBeforeTheDiskIsFull) {
    IN_NAMESPACES {
        const Result<os::Fd> disk = os::new_mount("tmpfs", {{"size", "128m"}});
        ASSERT_TRUE(disk);
        const Result<os::Root> where = os::Root::open(scratch_.tree());
        ASSERT_TRUE(os::attach_mount(*disk, where->directory()));
        std::string tar;
        for (int i = 0; i < 126; ++i)
            tar += tar_file(fmt::format("{}", i), std::string(1 << 20, 'x'));
        EXPECT_TRUE(unpack(tar).contains("the disk is nearly full"));
        struct statfs status{};
        ASSERT_EQ(::statfs(scratch_.tree().c_str(), &status), 0);
        EXPECT_GT(status.f_bavail, 0U);
    };
}

TEST_F(LayerContent, MayNotBeSparseBeyondMeasure) {
    IN_NAMESPACES {
        std::string map = "200000\n";
        for (int i = 0; i < 200'000; ++i)
            map += fmt::format("{}\n1\n", 2 * i);
        map.resize((map.size() + 511) / 512 * 512, '\0');
        EXPECT_NE(unpack(tar_pax({{"GNU.sparse.major", "1"},
                                  {"GNU.sparse.minor", "0"},
                                  {"GNU.sparse.realsize", "400000"}}) +
                         tar_file("x", map + "short")),
                  "ok");
        EXPECT_NE(unpack(tar_pax({{"GNU.sparse.size", "9223372036854775807"},
                                  {"GNU.sparse.numblocks", "0"},
                                  {"GNU.sparse.map", ""}}) +
                         tar_file("y", "")),
                  "ok");
    };
}

}  // namespace
}  // namespace sbx::image
