// Passwords and tokens: where they go, and where they do not.
#include "registry/authorizer.h"

#include "base/sha256.h"
#include "kernel/registry/hostile_client.h"
#include "support/files.h"

namespace sbx::registry {
namespace {

class Authorization : public HostileClient {
protected:
    // What the log says was sent as Authorization, or "none".
    static std::string sent(const Json& entry) {
        const std::string* value = entry["authorization"].as_string();
        return value ? *value : "none";
    }
    static constexpr const char* kBasic = "Basic Ym9iOnMzY3JldA==";  // bob:s3cret
};

TEST_F(Authorization, IsNotSentUnasked) {
    Client client = open(with_password());
    EXPECT_EQ(layer_of(client, "good:1"), "");
    for (const Json& entry : server_.log())
        EXPECT_EQ(sent(entry), "none");
}

TEST_F(Authorization, IsThePasswordWhereThatIsAskedFor) {
    Client client = open(with_password());
    EXPECT_EQ(layer_of(client, "basic/good:1"), "");
    const std::vector<Json> log = server_.log();
    ASSERT_EQ(log.size(), 3U);
    EXPECT_EQ(sent(log[0]), "none");
    EXPECT_EQ(sent(log[1]), kBasic);
    EXPECT_EQ(sent(log[2]), kBasic) << "what was learnt is kept";
}

TEST_F(Authorization, IsATokenThatIsFetchedOnce) {
    Client client = open(with_password());
    EXPECT_EQ(layer_of(client, "bearer/good:1"), "");
    EXPECT_EQ(layer_of(client, "bearer/good:1"), "");
    const std::vector<Json> tokens = log_of("plain", "/token");
    ASSERT_EQ(tokens.size(), 1U);
    EXPECT_EQ(sent(tokens[0]), kBasic);
    EXPECT_EQ(*tokens[0]["path"].as_string(),
              "/token?scope=repository%3Abearer%2Fgood%3Apull&service=test&account=bob");
    EXPECT_TRUE(sent(server_.log().back()).starts_with("Bearer token-"));
}

TEST_F(Authorization, OfEachRepositoryIsItsOwn) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "bearer/good:1"), "");
    EXPECT_EQ(layer_of(client, "bearer/slow:1"), "");
    EXPECT_EQ(log_of("plain", "/token").size(), 2U);
    EXPECT_EQ(log_of("plain", "/manifests/").size(), 4U);
}

TEST_F(Authorization, NeedsNoPasswordForAnAnonymousToken) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "bearer/good:1"), "");
    EXPECT_EQ(sent(log_of("plain", "/token")[0]), "none");
}

TEST_F(Authorization, ByTokenIsPreferred) {
    Client client = open(with_password());
    EXPECT_EQ(layer_of(client, "both/good:1"), "");
    EXPECT_TRUE(log_of("plain", "/token")[0]["path"].as_string()->contains("service=a%26b"));
}

TEST_F(Authorization, IsRenewedInMidTransfer) {
    Client client = open();
    EXPECT_EQ(layer_of(client, "expire/cut-700000:1"), "");
    EXPECT_TRUE(is_whole());
    EXPECT_EQ(sink_.restarts, 0);
    EXPECT_EQ(log_of("plain", "/token-for-two").size(), 3U);
}

TEST_F(Authorization, IsFetchedOnceForManyDownloads) {
    Client client = open();
    ASSERT_EQ(layer_of(client, "good:1"), "");
    server_.forget();
    std::vector<test::MemorySink> sinks(6);
    for (test::MemorySink& sink : sinks)
        ASSERT_TRUE(client.download(reference("bearer/good:1"), *layer_, 0, sink));
    for (test::MemorySink& sink : sinks)
        EXPECT_EQ(sink.wait(poll_), "");
    EXPECT_EQ(log_of("plain", "/token").size(), 1U);
}

TEST_F(Authorization, ThatIsRefusedIsAnError) {
    Options options = with_password();
    options.credentials->password = "wrong";
    Client client = open(std::move(options));
    const std::string basic = manifest_of(client, "basic/good:1");
    EXPECT_TRUE(basic.ends_with("says: authentication required (401)")) << basic;
    const std::string bearer = manifest_of(client, "bearer/good:1");
    EXPECT_TRUE(bearer.contains("fetching a token: the registry '" + server_.host() +
                                "' says: incorrect username or password (401)"))
        << bearer;
    EXPECT_FALSE(basic.contains("wrong") || bearer.contains("wrong")) << "no secret in an error";
    EXPECT_EQ(server_.log().size(), 4U) << "no password is tried twice";
}

TEST_F(Authorization, WithoutAPasswordSaysHowToGiveOne) {
    Client client = open();
    const Result<Client::Fetched> fetched = client.manifest(reference("basic/good:1"));
    ASSERT_FALSE(fetched);
    EXPECT_EQ(fetched.error().kind(), Error::Kind::denied);
    EXPECT_TRUE(fetched.error().text().ends_with("wants a user name and a password"));
    EXPECT_EQ(fetched.error().hint(),
              "`podman login " + server_.host() + "`, or the option --creds");
}

TEST_F(Authorization, IsNeverShownToAnotherPort) {
    Client client = open(with_password());
    const Result<Client::Fetched> fetched = client.manifest(reference("realm/good:1"));
    ASSERT_FALSE(fetched);
    EXPECT_TRUE(fetched.error().text().contains("wants its password to be sent to 'http://" +
                                                server_.host("other") + "/token'"))
        << fetched.error().text();
    EXPECT_EQ(fetched.error().hint(),
              fmt::format("if it is, set registry.\"{}\".token_realm = \"http://{}\" in the "
                          "configuration",
                          server_.host(), server_.host("other")));
    EXPECT_TRUE(log_of("other").empty());
}

TEST_F(Authorization, IsShownToAnotherPortThatIsConfigured) {
    const std::string other = "http://" + server_.host("other");
    Client client = open(Routes({}, {{server_.host(), {.insecure = true, .token_realm = other}}}),
                         with_password());
    EXPECT_EQ(layer_of(client, "realm/good:1"), "");
    EXPECT_EQ(sent(log_of("other")[0]), kBasic);
}

TEST_F(Authorization, ThatCannotBeHadSafelyIsNotAskedFor) {
    Client client = open();
    EXPECT_TRUE(manifest_of(client, "metadata/good:1")
                    .contains("a token to be fetched from 'http://169.254.169.254/latest', which "
                              "is not safe"));
    EXPECT_TRUE(manifest_of(client, "norealm/good:1").contains("where its tokens are had"));
    EXPECT_TRUE(manifest_of(client, "filerealm/good:1").contains("neither http nor https"));
    EXPECT_TRUE(manifest_of(client, "nonsense/good:1").contains("WWW-Authenticate cannot be read"));
}

TEST_F(Authorization, ByABadTokenIsAnError) {
    Client client = open();
    EXPECT_TRUE(manifest_of(client, "badtoken/good:1").ends_with("no token in the answer"));
    EXPECT_TRUE(manifest_of(client, "bigtoken/good:1").ends_with("more than 1048576 bytes"));
}

TEST_F(Authorization, StaysBehindOnARedirectToAnotherPort) {
    Client client = open(with_password());
    for (const char* name : {"basic/redirect:1", "bearer/redirect:1"})
        EXPECT_EQ(layer_of(client, name), "") << name;
    ASSERT_EQ(log_of("other").size(), 2U);
    for (const Json& entry : log_of("other"))
        EXPECT_EQ(sent(entry), "none");
}

TEST_F(Authorization, IsNotGivenToWhereARedirectLed) {
    Client client = open(with_password());
    EXPECT_TRUE(layer_of(client, "redir401:1").ends_with("authentication required (401)"));
    ASSERT_EQ(log_of("other").size(), 1U);
    EXPECT_EQ(sent(log_of("other")[0]), "none");
}

TEST_F(Authorization, GoesAlongOnARedirectAtHome) {
    Client client = open(with_password());
    EXPECT_EQ(layer_of(client, "basic/redirsame:1"), "");
}

TEST_F(Authorization, ComesFromAnAuthFile) {
    const test::TempFolder folder;
    test::make_file(folder.at("auth.json"),
                    fmt::format(R"({{"auths": {{"{}/basic": {{"auth": "{}"}}}}}})", server_.host(),
                                base64("bob:s3cret")));
    Options options = patient();
    options.auth_file = folder.at("auth.json");
    Client client = open(std::move(options));
    EXPECT_EQ(layer_of(client, "basic/good:1"), "");
}

TEST_F(Authorization, ByIdentityTokenIsAForm) {
    const test::TempFolder folder;
    test::make_file(
        folder.at("auth.json"),
        fmt::format(R"({{"auths": {{"{}": {{"identitytoken": "secret"}}}}}})", server_.host()));
    Options options = patient();
    options.auth_file = folder.at("auth.json");
    Client client = open(std::move(options));
    EXPECT_EQ(layer_of(client, "bearer/good:1"), "");
    const Json asked = log_of("plain", "/token").front();
    EXPECT_EQ(*asked["method"].as_string(), "POST");
    EXPECT_EQ(*asked["path"].as_string(), "/token");
}

TEST_F(Authorization, GivenForARegistryIsNotForItsMirror) {
    const Mirror mirror{.location = server_.host("other"), .insecure = true};
    const Rule rule{.prefix = server_.host(),
                    .location = server_.host(),
                    .insecure = true,
                    .mirrors = {mirror}};
    Client client = open(Routes({.rules = {rule}}, {}), with_password());
    EXPECT_EQ(layer_of(client, "basic/good:1"), "");
    ASSERT_FALSE(log_of("other").empty());
    for (const Json& entry : log_of("other"))
        EXPECT_EQ(sent(entry), "none");
}

}  // namespace
}  // namespace sbx::registry
