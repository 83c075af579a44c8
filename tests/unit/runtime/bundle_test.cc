#include "runtime/bundle.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

constexpr const char* kConfig = R"({"ociVersion":"1.0.2",
  "root":{"path":"rootfs"},
  "process":{"user":{"uid":0,"gid":0},"args":["true"],"cwd":"/"},
  "mounts":[{"destination":"/a","type":"bind","source":"data","options":["rbind"]},
            {"destination":"/b","type":"none","source":"/abs","options":["rbind"]},
            {"destination":"/c","type":"tmpfs","source":"tmpfs"}]})";

TEST(Bundle, HasPathsRelativeToItself) {
    const test::TempFolder folder;
    test::make_file(folder.at("config.json"), kConfig);
    test::make_link(folder.at("link"), ".");
    const Result<Bundle> bundle = read_bundle(folder.at("link"));
    ASSERT_TRUE(test::succeeds(bundle));
    EXPECT_EQ(bundle->path, folder.path());
    EXPECT_EQ(bundle->config, kConfig);
    EXPECT_EQ(bundle->spec.root_path, folder.at("rootfs"));
    EXPECT_EQ(bundle->spec.mounts[0].source, folder.at("data"));
    EXPECT_EQ(bundle->spec.mounts[1].source, "/abs");
    EXPECT_EQ(bundle->spec.mounts[2].source, "tmpfs");
}

TEST(Bundle, MayHaveItsDocumentElsewhere) {
    const test::TempFolder folder;
    test::make_folder(folder.at("bundle"));
    test::make_file(folder.at("other.json"), kConfig);
    const Result<Bundle> bundle = read_bundle(folder.at("bundle"), folder.at("other.json"));
    ASSERT_TRUE(test::succeeds(bundle));
    EXPECT_EQ(bundle->spec.root_path, folder.at("bundle/rootfs"));
}

TEST(Bundle, IsNoOtherThing) {
    const test::TempFolder folder;
    EXPECT_TRUE(test::fails_saying(read_bundle(folder.at("absent")), "open bundle"));
    EXPECT_TRUE(test::fails_saying(read_bundle(folder.path()), "config.json'"));
    test::make_fifo(folder.at("config.json"));
    EXPECT_FALSE(read_bundle(folder.path()));
}

TEST(Bundle, HasARoot) {
    const test::TempFolder folder;
    test::make_file(folder.at("config.json"), R"({"ociVersion":"1.0.2"})");
    EXPECT_TRUE(test::fails_saying(read_bundle(folder.path()), "config.json' has no root.path"));
}

TEST(Bundle, IsNotReadWithoutEnd) {
    const test::TempFolder folder;
    test::make_file(folder.at("config.json"), std::string(kLargestConfig + 1, ' '));
    EXPECT_FALSE(read_bundle(folder.path()));
    test::make_file(folder.at("config.json"), "{");
    EXPECT_TRUE(test::fails_saying(read_bundle(folder.path()), folder.at("config.json")));
}

}  // namespace
}  // namespace sbx::runtime
