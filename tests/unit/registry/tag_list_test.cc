#include "registry/tag_list.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace sbx::registry {
namespace {

TEST(TagPage, HasNoTagsThatCannotBeOne) {
    const Result<std::vector<std::string>> tags =
        parse_tags(R"({"tags": ["1", "-x", "a/b", 7, "", "a@b", "a:b", "v1.0_x-y"]})");
    ASSERT_TRUE(tags) << tags.error().text();
    EXPECT_EQ(join(*tags, " "), "1 v1.0_x-y");
}

TEST(TagPage, MayBeEmpty) {
    EXPECT_TRUE(parse_tags(R"({"tags": null})")->empty());
    EXPECT_TRUE(parse_tags("{}")->empty());
    EXPECT_FALSE(parse_tags("<html>"));
}

}  // namespace
}  // namespace sbx::registry
