#include <gtest/gtest.h>

#include "base/json.h"
#include "support/results.h"

namespace sbx {
namespace {

using namespace std::string_view_literals;
using test::fails_saying;
using test::succeeds;

std::string repeated(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

class GoodJson : public testing::TestWithParam<std::string_view> {};

TEST_P(GoodJson, IsWrittenAsItWasRead) {
    const Result<Json> json = Json::parse(GetParam());
    ASSERT_TRUE(succeeds(json));
    EXPECT_EQ(json->dump(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, GoodJson,
                         testing::Values("null", "true", "false", "0", "-7", "1.5", "\"\"", "[]",
                                         "{}", "[[],{}]", "9223372036854775807",
                                         "-9223372036854775808", "18446744073709551615",
                                         "9007199254740993", "1.0", "-0.0", "1e+30",
                                         R"({"b":[1,{"c":null}],"a":"x"})", R"(["a","a"])",
                                         R"([{"a":1},{"a":2}])"));

TEST(ParseJson, ReadsEscapesAndWhiteSpace) {
    const Result<Json> json = Json::parse(" [ \"\\u00e4\\ud834\\udd1e\\/\\b\" ,\r\n\t1e2 ] ");
    ASSERT_TRUE(succeeds(json));
    EXPECT_EQ(*json->items()[0].as_string(), "ä𝄞/\b");
    EXPECT_EQ(json->items()[1].as_double(), 100.0);
    EXPECT_EQ(json->items()[1].as_integer(), std::nullopt) << "1e2 is no integer in any document";
}

TEST(ParseJson, NestsAsDeepAsItSays) {
    const std::string most = repeated("[", Json::kDeepest) + repeated("]", Json::kDeepest);
    EXPECT_TRUE(succeeds(Json::parse(most)));
    EXPECT_TRUE(fails_saying(Json::parse("[" + most + "]"), "nested deeper than 64"));
    EXPECT_TRUE(fails_saying(Json::parse(repeated("[", 200'000)), "nested deeper than 64"));
    EXPECT_TRUE(fails_saying(Json::parse(repeated("{\"a\":", 200'000)), "nested deeper than 64"));
}

TEST(ParseJson, RefusesAMemberThatStandsTwice) {
    EXPECT_TRUE(fails_saying(Json::parse(R"({"a":1,"b":2,"a":1})"), "the member 'a' stands there"));
    EXPECT_TRUE(fails_saying(Json::parse(R"([{"x":{"a":1,"\u0061":2}}])"), "the member 'a'"));
    EXPECT_TRUE(succeeds(Json::parse(R"({"a":{"a":1},"A":2})")));
}

TEST(ParseJson, RefusesAByteOrderMark) {
    EXPECT_TRUE(fails_saying(Json::parse("\xef\xbb\xbf{}"), "byte order mark"));
}

TEST(ParseJson, SaysWhereItStopped) {
    EXPECT_EQ(Json::parse("{\n  \"a\": x\n}").error().text(),
              "not valid JSON at line 2, column 8: 'x\\x0a}'");
    EXPECT_EQ(Json::parse("[1,").error().text(), "not valid JSON at line 1, column 4: the end");
}

TEST(ParseJson, IsNotEndedByANul) {
    EXPECT_EQ(Json::parse("{}\0{"sv).error().text(),
              "not valid JSON at line 1, column 3: '\\x00{'");
    EXPECT_TRUE(fails_saying(Json::parse("{}\0"sv), "column 3"));
    EXPECT_TRUE(fails_saying(Json::parse("[1,\0"sv), "column 4"));
}

class BadJson : public testing::TestWithParam<std::string_view> {};

TEST_P(BadJson, IsRefused) {
    EXPECT_TRUE(fails_saying(Json::parse(GetParam()), "not valid JSON at line 1")) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(All, BadJson,
                         testing::Values("", " ", "{", "}", "[1", "[1,]", "{\"a\":1,}", "{\"a\"}",
                                         "{a:1}", "{'a':1}", "{}{", "{} x", "[1] [2]", "nul",
                                         "True", "NaN", "Infinity", "1e999", "-", "01", "+1", ".5",
                                         "1.", "0x10", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
                                         "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\n\"",
                                         "\"a\0b\""sv, "\"\xff\"", "\"\xc0\xaf\"",
                                         "\"\xed\xa0\x80\"", "/* c */ 1", "// c", "1 # c",
                                         "\xfe\xff\0{\0}"sv, "\xff\xfe{\0}\0"sv));

TEST(ParseJson, TakesALongKeyAndALongString) {
    const std::string long_text(1 << 20, 'x');
    const Result<Json> json = Json::parse("{\"" + long_text + "\":\"" + long_text + "\"}");
    ASSERT_TRUE(succeeds(json));
    EXPECT_EQ(json->get<std::string>(long_text)->size(), long_text.size());
    EXPECT_LT(json->get<bool>(long_text).error().text().size(), 300U) << "errors stay short";
}

}  // namespace
}  // namespace sbx
