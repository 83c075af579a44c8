#include "container/copy.h"

#include <gtest/gtest.h>

namespace sbx::container {
namespace {

std::string end_of(const std::string& text) {
    const CopyEnd end = parse_copy_end(text, "/here");
    return end.container + " " + end.path;
}

TEST(Copy, KnowsContainersByTheirColon) {
    EXPECT_EQ(end_of("box:/etc"), "box /etc");
    EXPECT_EQ(end_of("box:etc/."), "box /etc/.");
    EXPECT_EQ(end_of("box:"), "box /");
    EXPECT_EQ(end_of("box:/a:b"), "box /a:b");
}

TEST(Copy, TakesAllElseForPathsHere) {
    EXPECT_EQ(end_of("file"), " /here/file");
    EXPECT_EQ(end_of("/a:b"), " /a:b");
    EXPECT_EQ(end_of("./a:b"), " /here/./a:b");
    EXPECT_EQ(end_of("a/b:c"), " /here/a/b:c");
    EXPECT_EQ(end_of(":b"), " /here/:b");
    EXPECT_EQ(end_of("dir/"), " /here/dir/");
}

TEST(Copy, KnowsStreams) {
    EXPECT_TRUE(parse_copy_end("-", "/here").is_stream());
    EXPECT_FALSE(parse_copy_end("./-", "/here").is_stream());
    EXPECT_FALSE(parse_copy_end("box:-", "/here").is_stream());
}

}  // namespace
}  // namespace sbx::container
