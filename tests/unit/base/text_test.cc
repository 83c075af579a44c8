#include "base/text.h"

#include <array>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx {
namespace {

using namespace std::string_view_literals;
using test::fails_saying;
using test::succeeds;

using Parts = std::vector<std::string_view>;

TEST(Split, KeepsEmptyParts) {
    EXPECT_EQ(split("a,,b", ','), (Parts{"a", "", "b"}));
    EXPECT_EQ(split(",", ','), (Parts{"", ""}));
    EXPECT_EQ(split("", ','), Parts{""});
    EXPECT_EQ(split("a", ','), Parts{"a"});
}

TEST(Join, PutsTheSeparatorBetween) {
    const std::vector<std::string> words = {"a", "", "b"};
    EXPECT_EQ(join(words, ", "), "a, , b");
    EXPECT_EQ(join({}, ", "), "");
}

TEST(Trim, TakesWhiteSpaceFromBothEnds) {
    EXPECT_EQ(trim(" \t a b\r\n"), "a b");
    EXPECT_EQ(trim(" \n "), "");
    EXPECT_EQ(trim(""), "");
}

TEST(Lower, LeavesWhatIsNotAscii) { EXPECT_EQ(lower("AbÄZ@[`{"), "abÄz@[`{"); }

TEST(Halves, PartsAtTheFirstSeparator) {
    const std::optional<Halves> parts = halves("a=b=c", '=');
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->before, "a");
    EXPECT_EQ(parts->after, "b=c");
    EXPECT_FALSE(halves("abc", '='));
}

struct Shown {
    std::string_view text;
    std::string_view as;
};

class Printable : public testing::TestWithParam<Shown> {};

TEST(PrintableLines, KeepLineBreaksAndTabs) {
    EXPECT_EQ(printable_lines("a\n\tb\x1b\r\n"), "a\n\tb\\x1b\\x0d\n");
    EXPECT_EQ(printable_lines(""), "");
}

TEST_P(Printable, LeavesNothingATerminalObeys) {
    EXPECT_EQ(printable(GetParam().text), GetParam().as);
}

INSTANTIATE_TEST_SUITE_P(
    All, Printable,
    testing::Values(Shown{"plain größer €𝄞", "plain größer €𝄞"}, Shown{"\x1b[31m", "\\x1b[31m"},
                    Shown{"a\nb\tc\r", "a\\x0ab\\x09c\\x0d"}, Shown{"a\0b"sv, "a\\x00b"},
                    Shown{"\x7f", "\\x7f"}, Shown{"\xc2\x9b", "\\u009b"},  // CSI in one character
                    Shown{"a\xff", "a\\xff"}, Shown{"\xe2\x80\xaegpj.exe", "\\u202egpj.exe"},
                    Shown{"\xe2\x81\xa6", "\\u2066"}, Shown{"\xe2\x80\x8f", "\\u200f"},
                    Shown{"\xd8\x9c", "\\u061c"}, Shown{"\xe2\x80\xa8", "\\u2028"},
                    Shown{"\xed\xa0\x80", "\\xed\\xa0\\x80"}));

TEST(Excerpt, ShortensAndMakesSafe) {
    EXPECT_EQ(excerpt("short"), "short");
    EXPECT_EQ(excerpt("abcdef", 3), "abc…");
    EXPECT_EQ(excerpt("abcdef", 6), "abcdef");
    EXPECT_EQ(excerpt("\x1b[2J", 2), "\\x1b[…");
    EXPECT_EQ(excerpt("äöüß", 2), "äö…");
    EXPECT_EQ(excerpt("äöüß", 4), "äöüß");
    EXPECT_EQ(excerpt("\x80\x80\x80", 2), "\\x80\\x80…");
}

TEST(Nearest, FindsTheMistypedWord) {
    constexpr std::array words = {"FROM"sv, "RUN"sv, "COPY"sv};
    EXPECT_EQ(nearest("FORM", words), "FROM");
    EXPECT_EQ(nearest("RUNN", words), "RUN");
    EXPECT_EQ(nearest("VOLUME", words), std::nullopt);
    EXPECT_EQ(nearest("", words), std::nullopt);
    EXPECT_EQ(nearest("XY", words), std::nullopt);
    EXPECT_EQ(nearest("BUN", words), "RUN");
    EXPECT_EQ(nearest("BIN", words), std::nullopt) << "two letters of three are another word";
    EXPECT_EQ(nearest("FRMOs", words), std::nullopt);
}

class BadNumbers : public testing::TestWithParam<std::string_view> {};

TEST_P(BadNumbers, AreNoNumbers) {
    EXPECT_TRUE(fails_saying(parse_number(GetParam(), -100, 100), "is not a number from -100"))
        << GetParam();
}

INSTANTIATE_TEST_SUITE_P(All, BadNumbers,
                         testing::Values("", " ", " 1", "1 ", "+1", "01", "-01", "-0", "0x10",
                                         "1e1", "1.0", "1,5", "١", "a", "-", "--1", "1\0"sv, "101",
                                         "-101", "9223372036854775808", "99999999999999999999"));

TEST(Number, IsReadToItsLimits) {
    constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(*parse_number("9223372036854775807", kLeast, kMost), kMost);
    EXPECT_EQ(*parse_number("-9223372036854775808", kLeast, kMost), kLeast);
    EXPECT_EQ(*parse_number("0", 0, 0), 0);
}

TEST(Number, RefusalSaysWhatWouldDo) {
    EXPECT_EQ(parse_number("70000", 1, 65535).error().text(),
              "'70000' is not a number from 1 to 65535");
}

struct Size {
    std::string_view text;
    std::uint64_t bytes;
};

class Sizes : public testing::TestWithParam<Size> {};

TEST_P(Sizes, ArePowersOf1024) {
    const Result<std::uint64_t> bytes = parse_size(GetParam().text);
    ASSERT_TRUE(succeeds(bytes));
    EXPECT_EQ(*bytes, GetParam().bytes);
}

INSTANTIATE_TEST_SUITE_P(All, Sizes,
                         testing::Values(Size{"0", 0}, Size{"1", 1}, Size{"512b", 512},
                                         Size{"64k", 65536}, Size{"1K", 1024}, Size{"1kb", 1024},
                                         Size{"1KiB", 1024}, Size{"1.5g", 1610612736},
                                         Size{"1gib", 1073741824}, Size{"0.5k", 512},
                                         Size{"1t", 1099511627776}, Size{"1p", 1125899906842624},
                                         Size{"8388607t", 9223370937343148032},
                                         Size{"9007199254740993", 9007199254740993},
                                         Size{"9223372036854775807", 9223372036854775807},
                                         Size{"8191.5p", 9222809086901354496},
                                         Size{"8191.999999999999999999999p", 9223372036854775807},
                                         Size{"007k", 7168}, Size{"1.0000000001k", 1024}));

class BadSizes : public testing::TestWithParam<std::string_view> {};

TEST_P(BadSizes, AreNoSizes) {
    EXPECT_TRUE(fails_saying(parse_size(GetParam()), "is not a size such as 512, 64k, 1.5g"))
        << GetParam();
}

INSTANTIATE_TEST_SUITE_P(All, BadSizes,
                         testing::Values("", " ", "-1", "+1", "1.5.5g", "1e3", "0x10", "1 g", "g",
                                         "1gg", "NaN", "inf", "1,5g", "١g", ".5g", "1.", "1.g",
                                         "1e", "1ki", "1z", "1g\0"sv, " 1", "1 "));

TEST(Size, ThatIsTooLargeSaysHowLargeItMayBe) {
    for (const std::string_view text :
         {"9223372036854775808", "8388608t", "8192p", "99999999999999999999"})
        EXPECT_TRUE(fails_saying(parse_size(text), "is more than 9223372036854775807 bytes"));
}

class SizeTexts : public testing::TestWithParam<Size> {};

TEST_P(SizeTexts, HaveThreeDigitsAndPowersOf1000) {
    EXPECT_EQ(size_text(GetParam().bytes), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(All, SizeTexts,
                         testing::Values(Size{"0 B", 0}, Size{"999 B", 999}, Size{"1 kB", 1000},
                                         Size{"1.23 MB", 1'234'567}, Size{"999 kB", 999'499},
                                         Size{"1 MB", 999'500}, Size{"12.3 GB", 12'345'678'901},
                                         Size{"18.4 EB", 18'446'744'073'709'551'615U}));

}  // namespace
}  // namespace sbx
