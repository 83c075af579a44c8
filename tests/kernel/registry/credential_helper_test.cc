#include "registry/credential_helper.h"

#include <gtest/gtest.h>

#include "support/files.h"

namespace sbx::registry {
namespace {

// A $PATH with a helper in it: a shell script.
class CredentialHelper : public testing::Test {
protected:
    void make(const char* name, const std::string& script) {
        test::make_file(folder_.at(std::string("docker-credential-") + name),
                        "#!/bin/sh\n" + script, 0755);
    }
    Result<std::optional<Credentials>> ask(const char* name) {
        return ask_credential_helper(
            Environment(
                {{"PATH", "relative:" + folder_.path() + ":/usr/bin:/bin"}, {"TOKEN", "t0"}}),
            name, "r.example");
    }
    std::string refusal_of(const char* name) {
        const Result<std::optional<Credentials>> answer = ask(name);
        return answer ? "it answered" : answer.error().text();
    }

    test::TempFolder folder_;
};

TEST_F(CredentialHelper, IsAskedForAServer) {
    make("ok", R"(read server; echo "{\"Username\": \"$1-$server\", \"Secret\": \"s\"}")");
    const Result<std::optional<Credentials>> answer = ask("ok");
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(*answer, (Credentials{.user = "get-r.example", .password = "s"}));
}

TEST_F(CredentialHelper, GivesIdentityTokensAndHasTheEnvironment) {
    make("cloud-1",
         R"(echo "{\"ServerURL\": \"x\", \"Username\": \"<token>\", \"Secret\": \"$TOKEN\"}")");
    const Result<std::optional<Credentials>> answer = ask("cloud-1");
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(*answer, (Credentials{.identity_token = "t0"}));
}

TEST_F(CredentialHelper, MayKnowNothing) {
    make("none", "echo credentials not found in native keychain; exit 1");
    const Result<std::optional<Credentials>> answer = ask("none");
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_FALSE(*answer);
}

TEST_F(CredentialHelper, ThatFailsSaysWhy) {
    make("bad", "printf 'the keyring\\033 is locked'; exit 3");
    EXPECT_EQ(refusal_of("bad"),
              fmt::format("asking '{}': it failed with status 3: the keyring\\x1b "
                          "is locked",
                          folder_.at("docker-credential-bad")));
}

TEST_F(CredentialHelper, ThatAnswersNonsenseIsNotQuoted) {
    make("odd", "echo '{\"Username\": \"u\", \"Secret\": [\"hidden\"]}'");
    EXPECT_TRUE(refusal_of("odd").ends_with("it did not answer with a user name and a secret"));
}

TEST_F(CredentialHelper, HasALimit) {
    make("loud", "head -c 2000000 /dev/zero");
    EXPECT_TRUE(refusal_of("loud").ends_with("more than 1048576 bytes")) << refusal_of("loud");
}

TEST_F(CredentialHelper, ThatLeavesADaemonBehindIsNotWaitedFor) {
    make("daemon", R"(sleep 1 & echo "{\"Username\": \"u\", \"Secret\": \"s\"}")");
    EXPECT_EQ(refusal_of("daemon"), "it answered");
}

TEST_F(CredentialHelper, HasAName) {
    for (const char* name : {"", "../x", "A", "a b", "a/b"})
        EXPECT_TRUE(refusal_of(name).contains("is not the name of a credential helper")) << name;
    EXPECT_EQ(refusal_of("absent"), "'docker-credential-absent' is not in $PATH");
}

}  // namespace
}  // namespace sbx::registry
