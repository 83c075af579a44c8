#include "registry/credentials.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "support/files.h"

namespace sbx::registry {
namespace {

std::string user_in(const char* file, const Account& account) {
    const Result<AuthEntry> entry = find_entry(*Json::parse(file), account);
    if (!entry) return entry.error().text();
    return entry->credentials ? entry->credentials->user : "nobody";
}

// Each entry's user says which it is.
constexpr const char* kFile = R"({"auths": {
    "r.example": {"auth": "aG9zdDp4"},
    "r.example/team": {"auth": "dGVhbTp4"},
    "r.example/team/app": {"auth": "YXBwOng="},
    "https://index.docker.io/v1/": {"auth": "ZG9ja2VyOng="},
    "https://old.example/v2/": {"auth": "b2xkOng="},
    "empty.example": {}
}})";

TEST(AuthFile, GivesTheMostSpecificEntry) {
    EXPECT_EQ(user_in(kFile, {"r.example", "other/app"}), "host");
    EXPECT_EQ(user_in(kFile, {"r.example", "team/other"}), "team");
    EXPECT_EQ(user_in(kFile, {"r.example", "team/app"}), "app");
    EXPECT_EQ(user_in(kFile, {"r.example", "team/app/more"}), "app");
    EXPECT_EQ(user_in(kFile, {"r.example", "teams"}), "host") << "a name, not a prefix";
    EXPECT_EQ(user_in(kFile, {"r.example:443", "team"}), "nobody");
}

TEST(AuthFile, HasKeysOfOld) {
    EXPECT_EQ(user_in(kFile, {"docker.io", "library/alpine"}), "docker");
    EXPECT_EQ(user_in(kFile, {"old.example", "a"}), "old");
    EXPECT_EQ(user_in(R"({"auths": {"docker.io": {"auth": "bmV3Ong="}}})", {"docker.io", "a"}),
              "new");
}

TEST(AuthFile, MayKnowNothing) {
    EXPECT_EQ(user_in(kFile, {"empty.example", "a"}), "nobody");
    EXPECT_EQ(user_in("{}", {"r.example", "a"}), "nobody");
    EXPECT_EQ(user_in(R"({"auths": 7})", {"r.example", "a"}), "nobody");
}

TEST(AuthFile, HasIdentityTokens) {
    const Json file = *Json::parse(R"({"auths": {"a": {"auth": "", "identitytoken": "t"}}})");
    EXPECT_EQ(find_entry(file, {"a", "b"})->credentials, Credentials{.identity_token = "t"});
}

TEST(AuthFile, KeepsPasswordsWithColonsAndWithoutPadding) {
    const Json file = *Json::parse(fmt::format(R"({{"auths": {{"a": {{"auth": "{}"}}}}}})",
                                               base64(std::string("u:p:q\0\0", 7))));
    EXPECT_EQ(find_entry(file, {"a", "b"})->credentials,
              (Credentials{.user = "u", .password = "p:q"}));
}

TEST(AuthFile, NamesHelpers) {
    const Json file = *Json::parse(
        R"({"credsStore": "desktop", "credHelpers": {"r.example": "ecr-login", "docker.io": "pass"}})");
    EXPECT_EQ(find_entry(file, {"r.example", "a"})->own_helper, "ecr-login");
    EXPECT_EQ(find_entry(file, {"other.example", "a"})->own_helper, "");
    EXPECT_EQ(find_entry(file, {"other.example", "a"})->default_helper, "desktop");
    EXPECT_EQ(find_entry(file, {"docker.io", "a"})->own_helper, "pass");
}

TEST(AuthFile, ThatIsBrokenIsReportedWithoutItsSecrets) {
    for (const char* entry : {"\"c2VjcmV0\"", "\"secret!\"", "\"s\""}) {
        const std::string text = user_in(
            fmt::format(R"({{"auths": {{"a": {{"auth": {}}}}}}})", entry).c_str(), {"a", "b"});
        EXPECT_EQ(text, "the entry for 'a': its 'auth' is not user:password in base64");
    }
}

TEST(AuthFiles, AreLookedForInThisOrder) {
    const Environment environment(
        {{"HOME", "/h"}, {"XDG_RUNTIME_DIR", "/r"}, {"XDG_CONFIG_HOME", "/c"}});
    EXPECT_EQ(auth_file_paths(environment),
              (std::vector<std::string>{"/r/containers/auth.json", "/c/containers/auth.json",
                                        "/h/.docker/config.json"}));
    EXPECT_EQ(auth_file_paths(Environment({{"DOCKER_CONFIG", "/d"}})),
              std::vector<std::string>{"/d/config.json"});
    EXPECT_TRUE(auth_file_paths(Environment()).empty());
}

TEST(CredentialStore, TakesTheFirstFileThatKnows) {
    const test::TempFolder home;
    for (const char* folder : {"containers", ".docker"})
        test::make_folder(home.at(folder));
    test::make_file(home.at("containers/auth.json"),
                    R"({"auths": {"a": {"auth": "Zmlyc3Q6eA=="}}})");
    test::make_file(home.at(".docker/config.json"),
                    R"({"auths": {"a": {"auth": "bGFzdDp4"}, "b": {"auth": "bGFzdDp4"}}})");
    CredentialStore store(Environment({{"HOME", home.path()}, {"XDG_RUNTIME_DIR", home.path()}}),
                          "");
    EXPECT_EQ((*store.find({"a", "x"}))->user, "first");
    EXPECT_EQ((*store.find({"b", "x"}))->user, "last");
    EXPECT_FALSE(*store.find({"c", "x"}));
}

TEST(CredentialStore, ReadsTheFileItIsGivenAlone) {
    const test::TempFolder folder;
    test::make_file(folder.at("auth.json"), R"({"auths": {"a": {"auth": "bWU6eA=="}}})");
    CredentialStore named(Environment({{"REGISTRY_AUTH_FILE", "/nowhere"}}),
                          folder.at("auth.json"));
    EXPECT_EQ((*named.find({"a", "x"}))->user, "me");
    CredentialStore by_variable(Environment({{"REGISTRY_AUTH_FILE", folder.at("auth.json")}}), "");
    EXPECT_EQ((*by_variable.find({"a", "x"}))->user, "me");
    CredentialStore missing(Environment(), folder.at("none.json"));
    const auto found = missing.find({"a", "x"});
    ASSERT_FALSE(found);
    EXPECT_TRUE(
        found.error().text().starts_with("looking up the password for 'a': there is no auth file"));
}

TEST(CredentialStore, SaysWhichFileIsBrokenAndNotWhatIsInIt) {
    const test::TempFolder folder;
    test::make_file(folder.at("auth.json"), R"({"auths": secret)");
    CredentialStore store(Environment(), folder.at("auth.json"));
    const auto found = store.find({"a", "x"});
    ASSERT_FALSE(found);
    EXPECT_TRUE(found.error().text().ends_with("auth.json': not valid JSON"))
        << found.error().text();
}

}  // namespace
}  // namespace sbx::registry
