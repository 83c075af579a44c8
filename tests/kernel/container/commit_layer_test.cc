#include "container/commit_layer.h"

#include <gtest/gtest.h>

#include "support/files.h"

namespace sbx::container {
namespace {

// Writing layers: tests/cli/commit.bats.

class CommitLayerTest : public testing::Test {
protected:
    // The paths that are left of `paths`.
    std::vector<std::string> left(const std::vector<std::string>& paths,
                                  const std::vector<std::string>& targets) const {
        const std::optional<os::Root> lower(os::Root::open(image_.path()).value());
        std::vector<image::TreeChange> all;
        for (const std::string& path : paths)
            all.push_back({.path = path});
        std::vector<std::string> names;
        for (const image::TreeChange& change : without_mount_points(all, targets, lower))
            names.push_back(change.path);
        return names;
    }

    test::TempFolder image_;
};

using Paths = std::vector<std::string>;

TEST_F(CommitLayerTest, HasNoFoldersThatAreThereForMountsAlone) {
    EXPECT_EQ(left({"/a", "/a/b", "/a/b/c", "/ab"}, {"/a/b/c"}), Paths{"/ab"});
    EXPECT_EQ(left({"/a", "/a/b", "/a/c"}, {"/a/b"}), (Paths{"/a", "/a/c"}));
    EXPECT_EQ(left({"/a", "/a/b"}, {}), (Paths{"/a", "/a/b"}));
    EXPECT_EQ(left({}, {"/a"}), Paths{});
}

TEST_F(CommitLayerTest, HasWhatTheImageHas) {
    test::make_folder(image_.at("etc"));
    test::make_file(image_.at("etc/hosts"));
    test::make_link(image_.at("etc/dangling"), "nowhere");
    EXPECT_EQ(left({"/etc", "/etc/dangling", "/etc/hosts", "/etc/made"},
                   {"/etc/dangling", "/etc/hosts", "/etc/made"}),
              (Paths{"/etc", "/etc/dangling", "/etc/hosts"}));
}

TEST_F(CommitLayerTest, HasWhatWasPutWhereSomethingIsMounted) {
    EXPECT_EQ(left({"/a", "/a/file"}, {"/a"}), (Paths{"/a", "/a/file"}));
}

}  // namespace
}  // namespace sbx::container
