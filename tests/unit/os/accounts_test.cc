#include "os/accounts.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::os {
namespace {

using namespace std::string_view_literals;
using test::fails_saying;

constexpr std::string_view kPasswd =
    "root:x:0:0:root:/root:/bin/sh\n"
    "bin:x:1:1::/:\n"
    "\n"
    "bob:x:1000:100:Bob,,,:/home/bob:/bin/bash\n"
    "1000:x:1001:1001::/home/digits:/bin/sh\n"
    "bob:x:2000:2000::/second:/bin/sh\n"
    "last:x:4294967294:4294967294::/last:/bin/sh";  // and no new line

TEST(FindUser, ByNameGivesTheFirstOfIt) {
    const std::optional<PasswdEntry> bob = find_user(kPasswd, "bob");
    ASSERT_TRUE(bob);
    EXPECT_EQ(bob->uid, 1000U);
    EXPECT_EQ(bob->gid, 100U);
    EXPECT_EQ(bob->home, "/home/bob");
}

TEST(FindUser, ByNumberIsNeverByName) {
    EXPECT_EQ(find_user(kPasswd, 1000U)->name, "bob");
    EXPECT_EQ(find_user(kPasswd, "1000")->uid, 1001U);
    EXPECT_FALSE(find_user(kPasswd, 100000U));
}

TEST(FindUser, ReadsALastLineWithoutAnEnd) {
    EXPECT_EQ(find_user(kPasswd, "last")->uid, 4294967294U);
}

TEST(FindUser, FindsNobodyInNothing) {
    EXPECT_FALSE(find_user("", "root"));
    EXPECT_FALSE(find_user("\n\n", ""));
    EXPECT_FALSE(find_user(kPasswd, ""));
}

class BadLines : public testing::TestWithParam<std::string_view> {};

TEST_P(BadLines, ArePassedOver) {
    const std::string passwd = std::string(GetParam()) + "\nevil:x:7:7::/good:/bin/sh\n";
    EXPECT_EQ(find_user(passwd, "evil")->home, "/good");
    EXPECT_EQ(find_user(passwd, 0U), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadLines,
    testing::Values("evil", "evil:x:0:0", "evil:x:0:0::/bad", "evil:x:-1:0::/bad:/bin/sh",
                    "evil:x:4294967296:0::/bad:/bin/sh", "evil:x:4294967295:0::/bad:/bin/sh",
                    "evil:x: 0:0::/bad:/bin/sh", "evil:x:0x0:0::/bad:/bin/sh",
                    "evil:x:00:0::/bad:/bin/sh", "evil:x:-0:0::/bad:/bin/sh",
                    "evil:x::0::/bad:/bin/sh", "evil:x:0:::/bad:/bin/sh",
                    "evil:x:0\0:0::/bad:/bin/sh"sv, ":x:0:0::/bad:/bin/sh", "+::::::", "-evil",
                    "+evil:x:0:0::/bad:/bin/sh", "-evil:x:0:0::/bad:/bin/sh",
                    "#evil:x:0:0::/bad:/bin/sh", "evil:x:99999999999999999999999:0::/bad:/bin/sh"));

constexpr std::string_view kGroup =
    "root:x:0:\n"
    "wheel:x:10:root,bob\n"
    "broken:x:nine:bob\n"
    "broken:x:9:bob\n"
    "users:x:100:,alice,,bob,\n"
    "crlf:x:101:bob\r\n"
    "short:x:102\n"
    "bobby:x:103:bobby";

TEST(FindGroup, ByNameGivesTheFirstThatCanBeRead) {
    EXPECT_EQ(find_group(kGroup, "wheel")->gid, 10U);
    EXPECT_EQ(find_group(kGroup, "broken")->gid, 9U);
    EXPECT_FALSE(find_group(kGroup, "short"));
    EXPECT_FALSE(find_group(kGroup, "none"));
    EXPECT_FALSE(find_group(kGroup, ""));
}

TEST(FindGroup, ListsItsMembers) {
    EXPECT_EQ(find_group(kGroup, "users")->members, (std::vector<std::string>{"alice", "bob"}));
    EXPECT_TRUE(find_group(kGroup, "root")->members.empty());
}

TEST(GroupsOf, AreThoseThatNameTheUser) {
    EXPECT_EQ(groups_of(kGroup, "bob"), (std::vector<std::uint32_t>{10, 9, 100, 101}));
    EXPECT_EQ(groups_of(kGroup, "bobby"), (std::vector<std::uint32_t>{103}));
    EXPECT_TRUE(groups_of(kGroup, "").empty());
    EXPECT_TRUE(groups_of("", "bob").empty());
}

TEST(GroupsOf, LeavesOutWhatNamesNobody) {
    EXPECT_TRUE(groups_of("#a:x:1:bob\n+b:x:2:bob\n-c:x:3:bob\n:x:4:bob\n", "bob").empty());
}

TEST(Id, IsANumberThatSomebodyCanHave) {
    EXPECT_EQ(*parse_id("0"), 0U);
    EXPECT_EQ(*parse_id("4294967294"), 4294967294U);
    for (const char* text : {"4294967295", "4294967296", "-1", "-0", "00", "0x0", " 0", "", "root"})
        EXPECT_TRUE(fails_saying(parse_id(text), "is not a number from 0 to 4294967294")) << text;
}

std::vector<std::uint32_t> starts(std::string_view text) {
    std::vector<std::uint32_t> starts;
    for (const SubordinateRange& range : subordinate_ranges(text, "bob", 1000))
        starts.push_back(range.start);
    return starts;
}

TEST(SubordinateRanges, AreThoseOfTheNameAndOfTheNumber) {
    EXPECT_EQ(starts("alice:1:5\nbob:100000:65536\n1000:300000:10\n10000:7:7\nbobby:9:9\n"),
              (std::vector<std::uint32_t>{100000, 300000}));
    EXPECT_EQ(subordinate_ranges("bob:100000:65536\r\n", "bob", 1000)[0].count, 65536U);
    EXPECT_TRUE(starts("").empty());
}

TEST(SubordinateRanges, ThatCannotBeArePassedOver) {
    for (const char* line :
         {"bob:1", "bob:1:0", "bob:-1:5", "bob:1:-5", "bob:1:5:6", "bob:x:5", "bob:4294967290:10",
          "bob:4294967296:1", "bob:1:4294967296", "bob::", "# bob:1:5", "bob :1:5"})
        EXPECT_TRUE(starts(line).empty()) << line;
    EXPECT_EQ(starts("bob:4294967290:5"), std::vector{4294967290U});
}

TEST(SubordinateRanges, OfManyLinesAreFoundAtOnce) {
    std::string text;
    for (int i = 0; i < 100'000; ++i)
        text += "alice:1:1\n";
    EXPECT_EQ(starts(text + "bob:5:5"), std::vector{5U});
}

}  // namespace
}  // namespace sbx::os
