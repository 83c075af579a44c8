#include "registry/token.h"

#include <gtest/gtest.h>

namespace sbx::registry {
namespace {

struct Case {
    const char* registry;
    const char* realm;
};

RealmRule rule_for(const char* registry) { return {.registry = Url::parse(registry)->origin()}; }

class OwnRealms : public testing::TestWithParam<Case> {};

TEST_P(OwnRealms, MaySeeThePassword) {
    const Result<> checked =
        check_realm_for_password(rule_for(GetParam().registry), *Url::parse(GetParam().realm));
    EXPECT_TRUE(checked) << checked.error().text();
}

INSTANTIATE_TEST_SUITE_P(
    All, OwnRealms,
    testing::Values(Case{"https://ghcr.io", "https://ghcr.io/token"},
                    Case{"https://registry-1.docker.io", "https://auth.docker.io/token"},
                    Case{"https://registry.gitlab.com", "https://gitlab.com/jwt/auth"},
                    Case{"https://example.com", "https://auth.example.com/token"},
                    Case{"https://r.example.com:5000", "https://r.example.com:5001/token"},
                    Case{"http://127.0.0.1:5000", "http://127.0.0.1:5000/token"}));

class OtherRealms : public testing::TestWithParam<Case> {};

TEST_P(OtherRealms, MayNotSeeThePassword) {
    EXPECT_FALSE(
        check_realm_for_password(rule_for(GetParam().registry), *Url::parse(GetParam().realm)));
}

INSTANTIATE_TEST_SUITE_P(
    All, OtherRealms,
    testing::Values(Case{"https://ghcr.io", "http://ghcr.io/token"},
                    Case{"https://ghcr.io", "https://ghcr.io.evil.example/token"},
                    Case{"https://ghcr.io", "https://evilghcr.io/token"},
                    Case{"https://alice.provider.io", "https://mallory.provider.io/token"},
                    Case{"https://registry.com", "https://com/token"},
                    Case{"https://registry", "https://auth.registry/token"},
                    Case{"https://10.0.0.1", "https://0.0.1/token"},
                    Case{"https://evil.example", "https://auth.docker.io/token"},
                    Case{"https://registry-1.docker.io", "https://auth.docker.io:444/token"},
                    Case{"http://127.0.0.1:5000", "http://127.0.0.1:5001/token"},
                    Case{"http://r.example", "http://auth.r.example/token"},
                    Case{"http://r.example", "http://169.254.169.254/"}));

TEST(Realm, WithoutAPasswordOnlyHasToBeSafe) {
    const auto safe = [](const char* registry, const char* realm) {
        return check_realm(rule_for(registry), *Url::parse(realm)).has_value();
    };
    EXPECT_TRUE(safe("https://a.example", "https://b.example/"));
    EXPECT_TRUE(safe("http://127.0.0.1:1", "http://127.0.0.1:2/"));
    EXPECT_TRUE(safe("http://127.0.0.1:1", "https://b.example/"));
    EXPECT_FALSE(safe("https://a.example", "http://a.example/"));
    EXPECT_FALSE(safe("http://127.0.0.1:1", "http://169.254.169.254/"));
}

TEST(Realm, ThatIsConfiguredMaySeeThePassword) {
    RealmRule rule = rule_for("https://r.example");
    rule.configured = Url::parse("https://login.other.example")->origin();
    EXPECT_TRUE(check_realm_for_password(rule, *Url::parse("https://login.other.example/token")));
    EXPECT_FALSE(
        check_realm_for_password(rule, *Url::parse("https://login.other.example:8/token")));
    rule.configured = Url::parse("http://login.other.example")->origin();
    EXPECT_FALSE(check_realm_for_password(rule, *Url::parse("http://login.other.example/token")))
        << "never from https to http";
}

TEST(Realm, ThatIsRefusedSaysWhichKeyAllowsIt) {
    const Result<> checked = check_realm_for_password(
        rule_for("https://r.example"), *Url::parse("https://auth.example/token?x=secret"));
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().text(),
              "the registry 'r.example' wants its password to be sent to "
              "'https://auth.example/token', which is not clearly a part of it");
    EXPECT_EQ(checked.error().hint(),
              "if it is, set registry.\"r.example\".token_realm = \"https://auth.example\" in the "
              "configuration");
}

TEST(Realm, IsReadFromAChallenge) {
    const auto realm_in = [](const char* field) {
        return Realm::from(parse_challenges(field)->front());
    };
    const Result<Realm> realm = realm_in("Bearer realm=\"https://h/t\",service=\"s\"");
    ASSERT_TRUE(realm);
    EXPECT_EQ(realm->service, "s");
    EXPECT_FALSE(realm_in("Bearer service=s"));
    EXPECT_FALSE(realm_in("Bearer realm=\"https://u:p@h/t\""));
}

TEST(Token, IsAskedForWithOneScope) {
    const Realm realm{.url = *Url::parse("https://h/t"), .service = "a&b"};
    EXPECT_EQ(token_query(realm, "x/y", "me&you"),
              "scope=repository%3Ax%2Fy%3Apull&service=a%26b&account=me%26you");
    EXPECT_EQ(token_query({.url = realm.url}, "x", ""), "scope=repository%3Ax%3Apull");
    EXPECT_EQ(token_form(realm, "x", "s=1"),
              "grant_type=refresh_token&client_id=sbx&service=a%26b&scope=repository%3Ax%3Apull&"
              "refresh_token=s%3D1");
}

TEST(Token, IsReadFromEitherMember) {
    EXPECT_EQ(parse_token(R"({"token":"a"})")->text, "a");
    EXPECT_EQ(parse_token(R"({"token":"","access_token":"b"})")->text, "b");
    EXPECT_EQ(parse_token(R"({"token":"a"})")->lifetime, std::chrono::seconds(60));
    EXPECT_EQ(parse_token(R"({"token":"a","expires_in":300})")->lifetime,
              std::chrono::seconds(300));
    EXPECT_EQ(parse_token(R"({"token":"a","expires_in":-5})")->lifetime, std::chrono::seconds(0));
    EXPECT_EQ(parse_token(R"({"token":"a","expires_in":1e300})")->lifetime,
              std::chrono::seconds(60));
}

TEST(Token, ThatCannotBeSentIsRefused) {
    for (const char* body : {"", "{}", "[]", R"({"token":7})", R"({"token":""})",
                             R"({"token":"a b"})", "{\"token\":\"a\\r\\nX: y\"}"})
        EXPECT_FALSE(parse_token(body)) << body;
}

TEST(BasicAuthorization, IsBase64) {
    EXPECT_EQ(basic_authorization({.user = "bob", .password = "s3cret"}), "Basic Ym9iOnMzY3JldA==");
}

}  // namespace
}  // namespace sbx::registry
