// Manifests that are late, wrong or not at all what a registry sends.
#include "registry/session.h"

#include "kernel/registry/hostile_client.h"

namespace sbx::registry {
namespace {

class Questions : public HostileClient {};

TEST_F(Questions, ToABusyServerAreAskedAgain) {
    Client client = open();
    EXPECT_EQ(manifest_of(client, "m500-3:1"), "fetched");
    EXPECT_EQ(log_of("plain").size(), 4U);
}

TEST_F(Questions, WaitAsLongAsTheServerAsks) {
    Client client = open();
    const auto before = os::Poll::Clock::now();
    EXPECT_EQ(manifest_of(client, "m429-1:1"), "fetched");
    EXPECT_GE(os::Poll::Clock::now() - before, std::chrono::milliseconds(990));
}

TEST_F(Questions, AreAskedNoMoreThanWasAllowed) {
    Options options = patient();
    options.retries = 0;
    Client client = open(std::move(options));
    ASSERT_TRUE(manifest_of(client, "unknown:1").contains("(404)"));
    server_.forget();
    EXPECT_TRUE(manifest_of(client, "m500-9:1").ends_with("says: slow down (500)"));
    EXPECT_EQ(log_of("plain").size(), 1U);
}

TEST_F(Questions, WithoutAnswerAreAskedInHttpOnlyWhereThatIsConfigured) {
    Client strict = open(Routes({}, {}), patient());
    EXPECT_TRUE(manifest_of(strict, "good:1").contains("TLS with"));
    EXPECT_TRUE(server_.log().empty());
    Client client = open();
    EXPECT_EQ(manifest_of(client, "good:1"), "fetched");
}

TEST_F(Questions, ToNobodySayWhatWasTried) {
    Client client = open(Routes({}, {{"127.0.0.1:1", {.insecure = true}}}), patient());
    const Result<Client::Fetched> fetched =
        client.manifest(*oci::Reference::parse("127.0.0.1:1/a"));
    ASSERT_FALSE(fetched);
    EXPECT_TRUE(fetched.error().text().contains("over https: connect to '127.0.0.1:1'"));
    EXPECT_TRUE(fetched.error().text().contains("; over http: connect to '127.0.0.1:1'"));
}

TEST_F(Questions, AnsweredWithAWebPageAreNotAnswered) {
    Client client = open();
    EXPECT_EQ(manifest_of(client, "html:1"),
              fmt::format("fetching the manifest of '{0}/html:1': '{0}' answered 200: not a "
                          "registry's reply (text/html)",
                          server_.host()));
    EXPECT_TRUE(manifest_of(client, "html502:1")
                    .ends_with("answered 502: not a registry's reply (text/html)"));
}

TEST_F(Questions, AreAnsweredInWordsThatAreSafeToShow) {
    Client client = open();
    const std::string error = manifest_of(client, "escape:1");
    EXPECT_TRUE(error.contains("says: \\x1b]0;owned\\x07\\u202enekot\\x0axxx")) << error;
    EXPECT_LE(error.size(), 700U);
    EXPECT_EQ(error.find_first_of("\x1b\x07\n"), error.npos);
}

TEST_F(Questions, AreAnsweredWithAnErrorOfAnySize) {
    Client client = open();
    const std::string error = manifest_of(client, "bigerror:1");
    EXPECT_TRUE(error.ends_with("x… (404)")) << error;
    EXPECT_LE(error.size(), 700U);
}

}  // namespace
}  // namespace sbx::registry
