#include "base/utf8.h"

#include <gtest/gtest.h>

namespace sbx::utf8 {
namespace {

class Characters : public testing::TestWithParam<char32_t> {};

TEST_P(Characters, AreReadAsTheyAreWritten) {
    const std::string bytes = encode(GetParam());
    const Rune rune = first(bytes + "x");
    EXPECT_TRUE(rune.valid);
    EXPECT_EQ(rune.code, GetParam());
    EXPECT_EQ(rune.size, bytes.size());
}

INSTANTIATE_TEST_SUITE_P(AtEveryBoundary, Characters,
                         testing::Values(U'\0', U'a', U'\x7f', U'\x80', U'\x7ff', U'\x800',
                                         U'\xd7ff', U'\xe000', U'\xffff', U'\x10000', U'\x10ffff'));

class Malformed : public testing::TestWithParam<std::string_view> {};

TEST_P(Malformed, IsOneByteThatIsNoCharacter) {
    const Rune rune = first(GetParam());
    EXPECT_FALSE(rune.valid);
    EXPECT_EQ(rune.size, 1U);
    EXPECT_FALSE(valid(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, Malformed,
                         testing::Values("\x80",              // a continuation alone
                                         "\xc3",              // cut off
                                         "\xe2\x82",          // cut off
                                         "\xc3(",             // not continued
                                         "\xc0\xaf",          // longer than need be
                                         "\xc1\x81",          // longer than need be
                                         "\xe0\x9f\xbf",      // longer than need be
                                         "\xf0\x8f\xbf\xbf",  // longer than need be
                                         "\xed\xa0\x80",      // a surrogate
                                         "\xed\xbf\xbf",      // a surrogate
                                         "\xf4\x90\x80\x80",  // beyond U+10FFFF
                                         "\xf8\x88\x80\x80\x80", "\xfe", "\xff"));

TEST(Utf8, IsValidThroughout) {
    EXPECT_TRUE(valid(""));
    EXPECT_TRUE(valid("a\0b"));
    EXPECT_TRUE(valid("größer €𝄞"));
    EXPECT_FALSE(valid("größer \xff"));
}

TEST(Utf8, WidthCountsCharactersAndStrayBytes) {
    EXPECT_EQ(width(""), 0U);
    EXPECT_EQ(width("größer €𝄞"), 9U);
    EXPECT_EQ(width("a\xff\xfe"), 3U);
}

}  // namespace
}  // namespace sbx::utf8
