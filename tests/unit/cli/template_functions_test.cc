#include <gtest/gtest.h>

#include "cli/template_nodes.h"
#include "support/results.h"

namespace sbx::cli::template_detail {
namespace {

using test::fails_saying;

using Arguments = std::vector<Json>;

// What it prints, or the words of its error.
std::string call(const std::string& name, const Arguments& arguments) {
    const Result<Json> value = call_function(name, arguments);
    return value ? print(*value) : value.error().text();
}

const Json kList = Json(Json::Strings{"a", "b", "c"});

TEST(TemplateFunctions, ChangeText) {
    EXPECT_EQ(call("upper", {"aZ é"}), "AZ é");
    EXPECT_EQ(call("lower", {"AZ"}), "az");
    EXPECT_EQ(call("title", {"two words"}), "Two Words");
    EXPECT_EQ(call("pad", {"x", 1, 2}), " x  ");
    EXPECT_EQ(call("pad", {"", 1, 2}), "");
    EXPECT_EQ(call("truncate", {"abc", 2}), "ab");
    EXPECT_EQ(call("truncate", {"é", 1}), "");
    EXPECT_EQ(call("truncate", {"abc", 9}), "abc");
}

TEST(TemplateFunctions, JoinAndSplit) {
    EXPECT_EQ(call("join", {kList, "-"}), "a-b-c");
    EXPECT_EQ(call("split", {"a,b,", ","}), "[a b ]");
    EXPECT_EQ(call("split", {"", ","}), "[]");
    EXPECT_EQ(call("split", {"abc", ""}), "--format: split: the separator is empty");
}

TEST(TemplateFunctions, Measure) {
    EXPECT_EQ(call("len", {"abc"}), "3");
    EXPECT_EQ(call("len", {kList}), "3");
    EXPECT_EQ(call("len", {Json::object().set("a", 1)}), "1");
}

TEST(TemplateFunctions, TakeParts) {
    EXPECT_EQ(call("index", {kList, 1}), "b");
    EXPECT_EQ(call("index", {Json::object().set("k", kList), "k", 0}), "a");
    EXPECT_EQ(call("index", {Json::object().set("k", "v"), "other"}), "");
    EXPECT_EQ(call("index", {kList, 3}), "--format: index 3 is out of range");
    EXPECT_EQ(call("index", {kList, -1}), "--format: index -1 is out of range");
    EXPECT_EQ(call("slice", {"abcd", 1, 3}), "bc");
    EXPECT_EQ(call("slice", {kList, 1}), "[b c]");
    EXPECT_EQ(call("slice", {"abc", 2, 1}), "--format: slice: the bounds are out of range");
    EXPECT_EQ(call("slice", {"abc", 0, 4}), "--format: slice: the bounds are out of range");
}

TEST(TemplateFunctions, Print) {
    EXPECT_EQ(call("printf", {"%s=%d %q %%", "a", 1, "x\"y"}), "a=1 \"x\\\"y\" %");
    EXPECT_EQ(call("println", {"a", 1}), "a 1\n");
    EXPECT_EQ(call("json", {Json::object().set("a", kList)}), R"({"a":["a","b","c"]})");
}

TEST(TemplateFunctions, Compare) {
    EXPECT_EQ(call("eq", {"a", "b", "a"}), "true");
    EXPECT_EQ(call("eq", {10, 9}), "false");
    EXPECT_EQ(call("lt", {9, 10}), "true");
    EXPECT_EQ(call("gt", {9, 10}), "false");
    EXPECT_EQ(call("le", {"a", "a"}), "true");
    EXPECT_EQ(call("ne", {"a", 1}), "true");
}

TEST(TemplateFunctions, DecideAsGoDoes) {
    EXPECT_EQ(call("and", {1, "", "x"}), "");
    EXPECT_EQ(call("or", {0, "", "x"}), "x");
    EXPECT_EQ(call("not", {kList}), "false");
    for (const Json& nothing : {Json(), Json(0), Json(""), Json(false), Json::array()})
        EXPECT_FALSE(truth(nothing)) << print(nothing);
}

TEST(TemplateFunctions, CountTheirValues) {
    EXPECT_EQ(call("upper", {}), "--format: upper does not take 0 values");
    EXPECT_EQ(call("join", {kList}), "--format: join does not take 1 values");
    EXPECT_TRUE(fails_saying(call_function("frob", {}), "there is no function 'frob'"));
}

}  // namespace
}  // namespace sbx::cli::template_detail
