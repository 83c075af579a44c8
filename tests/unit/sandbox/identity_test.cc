#include "sandbox/identity.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;

constexpr std::string_view kPasswd =
    "root:x:0:0:root:/root:/bin/sh\n"
    "web:x:33:33::/var/www:/bin/sh\n"
    "homeless:x:40:41:::\n"
    "1234:x:0:0::/trap:/bin/sh\n";
constexpr std::string_view kGroup =
    "root:x:0:\n"
    "www:x:33:\n"
    "video:x:44:web,other\n"
    "audio:x:29:web\n"
    "again:x:44:web\n"
    "99:x:0:\n";

std::string who(const Identity& identity, std::string_view passwd = kPasswd,
                std::string_view group = kGroup) {
    const Result<ResolvedIdentity> resolved = resolve_identity(identity, passwd, group);
    if (!resolved) return resolved.error().text();
    std::string text = fmt::format("{}:{}", resolved->uid, resolved->gid);
    for (const std::uint32_t gid : resolved->groups)
        text += fmt::format(" {}", gid);
    return text + " " + resolved->home;
}

// The primary group is among the supplementary ones, too (CVE-2022-2989).
TEST(Identity, OfNobodyIsRoot) {
    EXPECT_EQ(who({}), "0:0 0 /root");
    EXPECT_EQ(who({}, "", ""), "0:0 0 /root") << "also where the image has no files";
}

TEST(Identity, HasTheGroupsOfItsUserOnceEach) {
    EXPECT_EQ(who({.user = "web"}), "33:33 33 44 29 /var/www");
    EXPECT_EQ(who({.user = "33"}), "33:33 33 44 29 /var/www") << "by number as by name";
}

TEST(Identity, HasTheGroupThatIsGivenInsteadOfItsOwn) {
    EXPECT_EQ(who({.user = "web:audio"}), "33:29 29 /var/www");
    EXPECT_EQ(who({.user = "web:0"}), "33:0 0 /var/www");
    EXPECT_EQ(who({.user = ":audio"}), "0:29 29 /root");
    EXPECT_EQ(who({.user = "web:"}), "33:33 33 44 29 /var/www") << "none is given";
}

// CVE-2024-40635 and the like: what looks like a number is one.
TEST(Identity, OfANumberIsThatIdWhateverTheImageSays) {
    EXPECT_EQ(who({.user = "1234"}), "1234:0 0 /");
    EXPECT_EQ(who({.user = "web:99"}), "33:99 99 /var/www");
    EXPECT_EQ(who({.user = "4294967294:4294967294"}), "4294967294:4294967294 4294967294 /");
    for (const char* user :
         {"4294967295", "4294967296", "99999999999999999999999", "65536:4294967295"})
        EXPECT_FALSE(resolve_identity({.user = user}, kPasswd, kGroup)) << user;
}

TEST(Identity, OfWhatIsNearlyANumberIsAName) {
    for (const char* user : {"0x1", "+1", "-1", " 1", "1.0", "1 ", "1e3"})
        EXPECT_EQ(who({.user = user}),
                  fmt::format("the image's /etc/passwd has no user '{}'", user));
}

TEST(Identity, IsRefusedByNameWhereTheImageHasNone) {
    EXPECT_EQ(who({.user = "bob"}), "the image's /etc/passwd has no user 'bob'");
    EXPECT_EQ(who({.user = "web:staff"}), "the image's /etc/group has no group 'staff'");
    EXPECT_EQ(who({.user = "web", .groups = {"staff"}}),
              "the image's /etc/group has no group 'staff'");
    EXPECT_TRUE(resolve_identity({.user = "bob"}, "", "").failed_as(Error::Kind::not_found));
}

TEST(Identity, HasTheGroupsAddedToIt) {
    EXPECT_EQ(who({.user = "web", .groups = {"audio", "7"}}), "33:33 33 44 29 7 /var/www");
    EXPECT_EQ(who({.user = "5:6", .groups = {"video"}}), "5:6 6 44 /");
}

TEST(Identity, IsAtHomeSomewhere) {
    EXPECT_EQ(who({.user = "homeless"}), "40:41 41 /");
    EXPECT_EQ(who({.user = "77"}), "77:0 0 /");
}

TEST(Identity, PrintsNothingOfAnImageThatCouldDoHarm) {
    EXPECT_FALSE(who({.user = "\x1b[2Jbob"}).contains('\x1b'));
    EXPECT_LT(who({.user = std::string(100'000, 'x')}).size(), 500U);
}

}  // namespace
}  // namespace sbx::sandbox
