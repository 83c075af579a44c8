#include "image/layer_path.h"

#include <gtest/gtest.h>

namespace sbx::image {
namespace {

std::string normal(std::string_view text) {
    const Result<LayerPath> path = parse_layer_path(text);
    return path ? path->text() : path.error().text();
}

TEST(LayerPath, SaysTheSameInManyWays) {
    for (const char* text : {"a/b", "/a/b", "./a/b", "a//b", "a/./b/", "//a/b//"})
        EXPECT_EQ(normal(text), "a/b") << text;
    const Result<LayerPath> path = parse_layer_path("a/b/c");
    ASSERT_TRUE(path);
    EXPECT_EQ(path->parent, "a/b");
    EXPECT_EQ(path->name, "c");
}

TEST(LayerPath, MayBeTheTop) {
    for (const char* text : {".", "./", "/", "/.", "././"})
        EXPECT_TRUE(parse_layer_path(text)->is_top()) << text;
}

TEST(LayerPath, NeverLeadsOut) {
    for (const char* text : {"..", "../x", "a/../../b", "a/..", "/../x", "a/b/.."})
        EXPECT_EQ(normal(text), "'" + std::string(text) + "' leads out of the layer");
    EXPECT_EQ(normal("..a"), "..a");
    EXPECT_EQ(normal("..."), "...");
}

TEST(LayerPath, HasLimits) {
    EXPECT_TRUE(parse_layer_path(std::string(255, 'n')));
    EXPECT_TRUE(normal(std::string(256, 'n')).ends_with("is longer than 255 bytes"));
    std::string deep;
    for (std::size_t i = 0; i < kDeepestLayer; ++i)
        deep += "d/";
    EXPECT_TRUE(parse_layer_path(deep));
    EXPECT_TRUE(normal(deep + "d").ends_with("is deeper than 1024 folders"));
}

}  // namespace
}  // namespace sbx::image
