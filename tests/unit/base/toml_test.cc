#include "base/toml.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx {
namespace {

using namespace std::string_view_literals;
using test::fails_saying;
using test::succeeds;

TEST(Toml, BecomesJsonOfTheSameTypes) {
    const Result<TomlDocument> document = parse_toml(R"(
        text = "a\tb"
        number = -7
        ratio = 1.5
        flag = true
        list = ["a", 1, [2]]
        [table.inner]
        key = 'literal\n'
    )",
                                                     "sbx.toml");
    ASSERT_TRUE(succeeds(document));
    EXPECT_EQ(document->root.dump(), R"({"flag":true,"list":["a",1,[2]],"number":-7,"ratio":1.5,)"
                                     R"("table":{"inner":{"key":"literal\\n"}},"text":"a\tb"})");
}

TEST(Toml, KnowsThePlaceOfEveryKey) {
    const Result<TomlDocument> document =
        parse_toml("a = 1\n[network]\n  publish = 2\n[[b]]\nc = 3\n", "sbx.toml");
    ASSERT_TRUE(succeeds(document));
    EXPECT_EQ(document->place_of("a"), "sbx.toml:1:1: ");
    EXPECT_EQ(document->place_of("network.publish"), "sbx.toml:3:3: ");
    EXPECT_EQ(document->place_of("b.0.c"), "sbx.toml:5:1: ");
    EXPECT_EQ(document->place_of("nowhere"), "sbx.toml: ");
}

TEST(Toml, DatesFitNoTypeThatAKeyHas) {
    const Result<TomlDocument> document = parse_toml("when = 2026-11-23", "sbx.toml");
    ASSERT_TRUE(succeeds(document));
    EXPECT_TRUE(fails_saying(document->root.get<std::string>("when"), "a string belongs"));
    EXPECT_TRUE(fails_saying(document->root.get<std::int64_t>("when"), "an integer belongs"));
}

TEST(Toml, InfinityIsNoInteger) {
    const Result<TomlDocument> document = parse_toml("n = inf", "sbx.toml");
    ASSERT_TRUE(succeeds(document));
    EXPECT_TRUE(fails_saying(document->root.get<std::int64_t>("n"), "an integer belongs"));
}

TEST(Toml, OfNothingIsAnEmptyObject) {
    for (const std::string_view text : {"", "# only a comment", "\r\n"})
        EXPECT_EQ(parse_toml(text, "x")->root.dump(), "{}");
}

std::string nested(int depth) {
    std::string key = "a";
    for (int i = 0; i < depth; ++i)
        key += ".a";
    return key;
}

TEST(Toml, NestsAsDeepAsJsonDoes) {
    EXPECT_TRUE(succeeds(parse_toml(nested(60) + " = 1", "x")));
    EXPECT_TRUE(fails_saying(parse_toml("\n" + nested(200'000) + " = 1", "x"),
                             "x:2: nested deeper than 64"));
    EXPECT_TRUE(fails_saying(parse_toml("[" + nested(200'000) + "]", "x"), "x:1: nested deeper"));
    EXPECT_TRUE(fails_saying(parse_toml("a = " + std::string(200'000, '['), "x"), "x:1:"));
}

struct Refused {
    std::string_view text;
    std::string_view place;
};

class BadToml : public testing::TestWithParam<Refused> {};

TEST_P(BadToml, IsPointedAt) {
    EXPECT_TRUE(fails_saying(parse_toml(GetParam().text, "sbx.toml"), GetParam().place))
        << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadToml,
    testing::Values(
        Refused{"a = 1\na = 2", "sbx.toml:2:"}, Refused{"[a]\nb = 1\n[a]\n", "sbx.toml:3:1: "},
        Refused{"a = 1\n[a.b]\n", "sbx.toml:2:"}, Refused{"a = \"\\q\"", "sbx.toml:1:"},
        Refused{"a = \"x", "sbx.toml:1:"}, Refused{"a = 9223372036854775808", "sbx.toml:1:"},
        Refused{"a", "sbx.toml:1:"}, Refused{"a = 01", "sbx.toml:1:"},
        Refused{"a = [1", "sbx.toml:1:"}, Refused{"= 1", "sbx.toml:1:1: "},
        Refused{"gr\u00f6\u00dfe = 1", "sbx.toml:1:3: "}, Refused{"a = 1 \u00e9", "sbx.toml:1:"},
        Refused{"\u2014 = 1", "sbx.toml:1:1: "}, Refused{"a = 1\n\0"sv, "sbx.toml:2:1: "},
        Refused{"a = \"\xff\"", "sbx.toml:1:"},
        Refused{"a = 2026-11-23T\x1c:00:00Z", "sbx.toml:1:"},
        Refused{"a = 2026-11-23Tx", "sbx.toml:1:"}, Refused{"a = 1 b = 2", "sbx.toml:1:"}));

}  // namespace
}  // namespace sbx
