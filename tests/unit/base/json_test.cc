#include "base/json.h"

#include <limits>

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx {
namespace {

using test::fails_saying;
using test::succeeds;

constexpr std::uint64_t kMostUnsigned = std::numeric_limits<std::uint64_t>::max();

Json sample() {
    return *Json::parse(R"({"flag": true, "text": "a", "number": -7, "natural": 7, "ratio": 0.5,
                            "list": ["a", "b"], "mixed": ["a", 1], "map": {"k": "v"},
                            "nested": {"k": 1}, "nothing": null})");
}

TEST(Json, GivesMembersByTheirType) {
    const Json json = sample();
    EXPECT_EQ(*json.get<bool>("flag"), true);
    EXPECT_EQ(*json.get<std::string>("text"), "a");
    EXPECT_EQ(*json.get<std::int64_t>("number"), -7);
    EXPECT_EQ(*json.get<std::uint64_t>("natural"), 7U);
    EXPECT_EQ(*json.get<double>("ratio"), 0.5);
    EXPECT_EQ(*json.get<double>("natural"), 7.0);
    EXPECT_EQ(*json.get<Json::Strings>("list"), (Json::Strings{"a", "b"}));
    EXPECT_EQ(*json.get<Json::Map>("map"), (Json::Map{{"k", "v"}}));
}

TEST(Json, SaysWhichMemberIsMissing) {
    EXPECT_EQ(sample().get<bool>("x").error().text(), "'x' is missing");
    EXPECT_EQ(sample().get<bool>("nothing").error().text(), "'nothing' is missing");
    EXPECT_EQ(Json(7).get<bool>("x").error().text(), "'x' is missing");
}

TEST(Json, SaysWhichTypeBelongs) {
    const Json json = sample();
    EXPECT_EQ(json.get<bool>("text").error().text(),
              "'text' is \"a\", where true or false belongs");
    EXPECT_TRUE(fails_saying(json.get<std::int64_t>("ratio"), "an integer belongs"));
    EXPECT_TRUE(fails_saying(json.get<std::uint64_t>("number"), "an integer from 0 up belongs"));
    EXPECT_TRUE(fails_saying(json.get<double>("flag"), "a number belongs"));
    EXPECT_TRUE(fails_saying(json.get<std::string>("number"), "a string belongs"));
    EXPECT_TRUE(fails_saying(json.get<Json::Strings>("mixed"), "an array of strings belongs"));
    EXPECT_TRUE(fails_saying(json.get<Json::Map>("nested"), "an object of strings belongs"));
}

TEST(Json, FallsBackOnlyWhereNothingIs) {
    const Json json = sample();
    EXPECT_EQ(*json.get_or<std::string>("x", "fallback"), "fallback");
    EXPECT_EQ(*json.get_or<std::string>("nothing", "fallback"), "fallback");
    EXPECT_TRUE(fails_saying(json.get_or<std::string>("number", ""), "a string belongs"));
    EXPECT_EQ(*json.get_optional<std::int64_t>("x"), std::nullopt);
    EXPECT_EQ(*json.get_optional<std::int64_t>("number"), -7);
    EXPECT_TRUE(fails_saying(json.get_optional<std::int64_t>("text"), "an integer belongs"));
}

TEST(Json, GivesArraysAndObjectsByTheirType) {
    const Json json = sample();
    EXPECT_EQ((*json.array_at("list"))->size(), 2U);
    EXPECT_EQ((*json.array_at("x"))->size(), 0U);
    EXPECT_EQ((*json.object_at("nested"))->dump(), "{\"k\":1}");
    EXPECT_TRUE((*json.object_at("nothing"))->members().empty());
    EXPECT_TRUE(fails_saying(json.array_at("map"), "'map' is {\"k\":\"v\"}, where an array"));
    EXPECT_TRUE(fails_saying(json.object_at("list"), "where an object belongs"));
}

TEST(Json, OfAnotherTypeHasNoItemsAndNoMembers) {
    EXPECT_TRUE(Json(7).items().empty());
    EXPECT_TRUE(Json("x").members().empty());
    EXPECT_TRUE(Json(7)["x"]["y"].is_null());
    EXPECT_EQ(Json::array().find("x"), nullptr);
}

TEST(Json, IntegersKeepTheirSignAndTheirLimits) {
    EXPECT_EQ(Json(kMostUnsigned).as_unsigned(), kMostUnsigned);
    EXPECT_EQ(Json(kMostUnsigned).as_integer(), std::nullopt);
    EXPECT_EQ(Json(-1).as_unsigned(), std::nullopt);
    EXPECT_EQ(Json(7).as_unsigned(), 7U);
    EXPECT_EQ(Json(1.0).as_integer(), std::nullopt);
    EXPECT_EQ(Json("1").as_double(), std::nullopt);
}

TEST(Json, IsMadeOfNoPointerButText) {
    static_assert(!std::is_constructible_v<Json, const Json*>);
    static_assert(!std::is_constructible_v<Json, const void*>);
    EXPECT_EQ(Json("x").dump(), "\"x\"");
}

TEST(Json, SetReplacesOrAddsLast) {
    Json json;
    json.set("b", 1).set("a", 2).set("b", 3);
    EXPECT_EQ(json.dump(), R"({"b":3,"a":2})");
}

TEST(Json, PushMakesAnArrayOfNothing) {
    Json json;
    json.push(1).push("x").push(Json());
    EXPECT_EQ(json.dump(), R"([1,"x",null])");
}

TEST(Json, OfStringsAndMaps) {
    EXPECT_EQ(Json(Json::Strings{"a", "b"}).dump(), R"(["a","b"])");
    EXPECT_EQ(Json(Json::Map{{"b", "1"}, {"a", "2"}}).dump(), R"({"a":"2","b":"1"})");
    EXPECT_EQ(Json(Json::Strings{}).dump(), "[]");
}

TEST(Json, IsIndentedByFour) {
    const Json json =
        Json::object().set("a", Json::array().push(1).push(2)).set("b", Json::object());
    EXPECT_EQ(json.dump(Json::Layout::indented),
              "{\n"
              "    \"a\": [\n"
              "        1,\n"
              "        2\n"
              "    ],\n"
              "    \"b\": {}\n"
              "}");
}

TEST(Json, NumbersThatJsonCannotWriteAreNull) {
    EXPECT_EQ(Json(std::numeric_limits<double>::infinity()).dump(), "null");
    EXPECT_EQ(Json(std::numeric_limits<double>::quiet_NaN()).dump(), "null");
}

struct Written {
    std::string_view bytes;
    std::string_view text;
};

class JsonStrings : public testing::TestWithParam<Written> {};

TEST_P(JsonStrings, AreSafeOnATerminalAndStillJson) {
    EXPECT_EQ(Json(GetParam().bytes).dump(), GetParam().text);
    EXPECT_TRUE(succeeds(Json::parse(GetParam().text)));
}

INSTANTIATE_TEST_SUITE_P(
    All, JsonStrings,
    testing::Values(Written{"größer €𝄞", "\"größer €𝄞\""}, Written{"a\"b\\c/", R"("a\"b\\c/")"},
                    Written{"\n\t\r", R"("\n\t\u000d")"}, Written{{"a\0b", 3}, R"("a\u0000b")"},
                    Written{"\x1b[2J", R"("\u001b[2J")"}, Written{"\x7f", R"("\u007f")"},
                    Written{"\xc2\x9b", R"("\u009b")"}, Written{"\xe2\x80\xae", R"("\u202e")"},
                    Written{"a\xff\xfe", "\"a\xef\xbf\xbd\xef\xbf\xbd\""}));

}  // namespace
}  // namespace sbx
