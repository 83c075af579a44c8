#include "cli/template_printf.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::cli::template_detail {
namespace {

using Values = std::vector<Json>;

// What it prints, or the words of its error.
std::string printed(const Values& values) {
    const Result<Json> value = print_formatted(values);
    return value ? *value->as_string() : value.error().text();
}

TEST(TemplatePrintf, PrintsValuesInTheirPlaces) {
    EXPECT_EQ(printed({"%s=%d %q %t %v %%", "a", 1, "x\"y", true, "z"}), "a=1 \"x\\\"y\" true z %");
    EXPECT_EQ(printed({"plain"}), "plain");
    EXPECT_EQ(printed({""}), "");
}

TEST(TemplatePrintf, FillsUpToAWidth) {
    EXPECT_EQ(printed({"[%5s][%-5s][%5d][%-5d]", "ab", "ab", 42, 42}),
              "[   ab][ab   ][   42][42   ]");
    EXPECT_EQ(printed({"%05d %05s", -42, "ab"}), "-0042    ab");
    EXPECT_EQ(printed({"%+d %+05d", 7, 7}), "+7 +0007");
    EXPECT_EQ(printed({"%3s|", "éé"}), " éé|");
    EXPECT_EQ(printed({"%1s", "longer"}), "longer");
}

TEST(TemplatePrintf, CutsAtAPrecision) {
    EXPECT_EQ(printed({"%.12s", "0123456789abcdef"}), "0123456789ab");
    EXPECT_EQ(printed({"%-6.2s|", "abc"}), "ab    |");
    EXPECT_EQ(printed({"%.1s%.s", "éa", "x"}), "é");
    EXPECT_EQ(printed({"%.2f %f %6.1f", 1.256, 2.0, 3.14}), "1.26 2.000000    3.1");
}

TEST(TemplatePrintf, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(printed({"%s"}), "--format: printf: there are fewer values than verbs");
    EXPECT_EQ(printed({"%x", 1}), "--format: printf: '%x' is not supported");
    EXPECT_EQ(printed({"%-12", "a"}), "--format: printf: the pattern ends in a '%'");
    EXPECT_EQ(printed({"100%", "a"}), "--format: printf: the pattern ends in a '%'");
}

TEST(TemplatePrintf, BoundsWidths) {
    EXPECT_EQ(printed({"%99999999999999999999s", "a"}).size(), 1000);
    EXPECT_EQ(printed({"%.99999999999999999999s", "a"}), "a");
}

}  // namespace
}  // namespace sbx::cli::template_detail
