#include "oci/members.h"

#include <array>

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::oci {
namespace {

using test::fails_saying;
using test::succeeds;

struct Leaf {
    std::string name;
    std::uint16_t size = 7;

    bool operator==(const Leaf&) const = default;
};

struct Tree {
    bool tall = false;
    std::int64_t depth = 0;
    std::optional<std::uint64_t> age = {};
    std::vector<Leaf> leaves = {};
    std::map<std::string, std::vector<std::string>> birds = {};
    std::string soil = {};

    bool operator==(const Tree&) const = default;
};

void describe(Members& members, Leaf& leaf) {
    members.required("name", leaf.name);
    members.optional("size", leaf.size, {.least = 1, .most = 9});
}

void describe(Members& members, Tree& tree) {
    static constexpr std::array<std::string_view, 2> kSoils = {"sand", "clay"};
    members.optional("tall", tree.tall);
    members.optional("depth", tree.depth);
    members.optional("age", tree.age);
    members.optional("leaves", tree.leaves);
    members.optional("birds", tree.birds);
    members.object("ground", [&] { members.optional("soil", tree.soil, {.words = kSoils}); });
    members.refuse_unless(tree.depth != 13, "depth", "is unlucky");
}

Result<Tree> read(std::string_view text) { return read_document<Tree>(TRY(Json::parse(text))); }

constexpr std::string_view kWhole = R"({"tall":true,"depth":-3,"age":18446744073709551615,)"
                                    R"("leaves":[{"name":"a","size":1},{"name":"b","size":9}],)"
                                    R"("birds":{"a b":["x","y"],"c":[]},"ground":{"soil":"clay"}})";

TEST(Members, AreReadAndWrittenByOneDescription) {
    const Result<Tree> tree = read(kWhole);
    ASSERT_TRUE(succeeds(tree));
    EXPECT_TRUE(tree->tall);
    EXPECT_EQ(tree->depth, -3);
    EXPECT_EQ(tree->age, UINT64_MAX);
    EXPECT_EQ(tree->leaves[1], (Leaf{.name = "b", .size = 9}));
    EXPECT_EQ(tree->birds.at("a b"), (std::vector<std::string>{"x", "y"}));
    EXPECT_EQ(tree->soil, "clay");
    EXPECT_EQ(write_document(*tree).dump(), kWhole);
}

TEST(Members, AreNotWrittenWhereTheyAreAsTheyBegin) {
    EXPECT_EQ(write_document(Tree{}).dump(), "{}");
    EXPECT_EQ(write_document(Tree{.age = 0}).dump(), R"({"age":0})");
}

TEST(Members, ArePassedOverWhereNobodyNamedThemOrNullStandsThere) {
    const Result<Tree> tree = read(R"({"root":1,"tall":null,"leaves":[{"name":"a","vein":[]}]})");
    ASSERT_TRUE(succeeds(tree));
    EXPECT_FALSE(tree->tall);
    EXPECT_EQ(tree->leaves[0].size, 7);
}

TEST(Members, HoldBytesThatAreNoText) {
    const Tree tree{.leaves = {{.name = "\xff\xfe"}}};
    const Json json = write_document(tree);
    EXPECT_EQ(json["leaves"].items()[0]["name"].dump(), R"({"base64":"//4="})");
    const Result<Tree> again = read_document<Tree>(json);
    ASSERT_TRUE(succeeds(again));
    EXPECT_EQ(*again, tree);
}

struct Bad {
    std::string_view text;
    std::string_view why;
};

class BadMembers : public testing::TestWithParam<Bad> {};

TEST_P(BadMembers, AreRefusedWithThePathToThem) {
    EXPECT_TRUE(fails_saying(read(GetParam().text), GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadMembers,
    testing::Values(
        Bad{"7", "7 is not an object"}, Bad{R"({"tall":1})", "tall: 1 is not true or false"},
        Bad{R"({"depth":1.5})", "depth: 1.5 is not a number from -9223372036854775808 to"},
        Bad{R"({"depth":9223372036854775808})", "to 9223372036854775807"},
        Bad{R"({"age":-1})", "age: -1 is not a number from 0 to 18446744073709551615"},
        Bad{R"({"age":"1"})", R"(age: "1" is not a number)"},
        Bad{R"({"leaves":{}})", "leaves: {} is not an array"},
        Bad{R"({"leaves":[{"name":"a"},{}]})", "leaves[1].name: is missing"},
        Bad{R"({"leaves":[null]})", "leaves[0]: null is not an object"},
        Bad{R"({"leaves":[{"name":null}]})", "leaves[0].name: is missing"},
        Bad{R"({"leaves":[{"name":"a","size":10}]})", "leaves[0].size: 10 is not a number from 1"},
        Bad{R"({"leaves":[{"name":"a","size":0}]})", "0 is not a number from 1 to 9"},
        Bad{R"({"leaves":[{"name":7}]})", "leaves[0].name: 7 is not a string"},
        Bad{R"({"leaves":[{"name":"a\u0000b"}]})", "leaves[0].name: a NUL byte is in it"},
        Bad{R"({"leaves":[{"name":{"base64":"?"}}]})", "leaves[0].name: not valid base64"},
        Bad{R"({"birds":{"a b":["x",1]}})", "birds['a b'][1]: 1 is not a string"},
        Bad{R"({"birds":{"\u001b[2J":1}})", R"(birds['\x1b[2J']: 1 is not an array)"},
        Bad{R"({"ground":[]})", "ground: [] is not an object"},
        Bad{R"({"ground":{"soil":"salt"}})", "ground.soil: 'salt' is none of sand, clay"},
        Bad{R"({"depth":13})", "depth: 13 is unlucky"},
        Bad{R"({"depth":13,"tall":1})", "tall: 1 is not true or false"}));

}  // namespace
}  // namespace sbx::oci
