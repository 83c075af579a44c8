#include "archive/stream.h"

#include <vector>

#include <gtest/gtest.h>

namespace sbx::archive {
namespace {

TEST(Stream, ReadsUntilTheBufferIsFullOrTheEndIsReached) {
    TextReader text("abcdef");
    std::vector<char> four(4);
    EXPECT_EQ(*read_full(text, four), 4U);
    EXPECT_EQ(*read_full(text, four), 2U);
    EXPECT_EQ(*read_full(text, four), 0U);
}

TEST(Stream, DrainsToTheEnd) {
    TextReader text("abcdef");
    ASSERT_TRUE(drain(text));
    char one = 0;
    EXPECT_EQ(*text.read({&one, 1}), 0U);
}

}  // namespace
}  // namespace sbx::archive
