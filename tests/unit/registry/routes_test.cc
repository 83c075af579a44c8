#include "registry/routes.h"

#include <gtest/gtest.h>

namespace sbx::registry {
namespace {

Routes routes(const char* conf, RegistrySettingsByHost settings = {}) {
    return Routes(*RegistriesConf::parse(conf, "r.conf"), std::move(settings));
}

// "host/repository", with "!" where it is insecure and "*" where it is a mirror.
std::string described(const Routes& routes, const char* name) {
    const Result<std::vector<Endpoint>> endpoints = routes.endpoints(*oci::Reference::parse(name));
    if (!endpoints) return endpoints.error().text();
    std::string text;
    for (const Endpoint& endpoint : *endpoints)
        text +=
            fmt::format("{}{}/{}{}{}", text.empty() ? "" : " ", endpoint.host, endpoint.repository,
                        endpoint.security == Endpoint::Security::insecure ? "!" : "",
                        endpoint.kind == Endpoint::Kind::mirror ? "*" : "");
    return text;
}

TEST(Routes, LeadToTheRegistryThatIsNamed) {
    EXPECT_EQ(described(routes(""), "ghcr.io/a/b:1"), "ghcr.io/a/b");
    EXPECT_EQ(described(routes(""), "localhost:5000/a"), "localhost:5000/a");
}

TEST(Routes, LeadToDockersRegistryUnderItsOtherName) {
    EXPECT_EQ(described(routes(""), "alpine"), "registry-1.docker.io/library/alpine");
    const auto endpoints = routes("").endpoints(*oci::Reference::parse("alpine"));
    EXPECT_EQ(endpoints->front().domain, "docker.io");
}

TEST(Routes, GoOverMirrorsFirst) {
    const char* conf = R"(
        [[registry]]
        location = "docker.io"
        [[registry.mirror]]
        location = "m.example/hub"
        insecure = true
        [[registry.mirror]]
        location = "d.example"
        pull-from-mirror = "digest-only"
        [[registry.mirror]]
        location = "t.example"
        pull-from-mirror = "tag-only"
    )";
    EXPECT_EQ(described(routes(conf), "alpine:3"),
              "m.example/hub/library/alpine!* t.example/library/alpine* "
              "registry-1.docker.io/library/alpine");
    const std::string digest = "@sha256:" + std::string(64, 'a');
    EXPECT_EQ(described(routes(conf), ("alpine" + digest).c_str()),
              "m.example/hub/library/alpine!* d.example/library/alpine* "
              "registry-1.docker.io/library/alpine");
}

TEST(Routes, ReplaceAPrefix) {
    const char* conf = R"(
        [[registry]]
        prefix = "old.example/team"
        location = "new.example:5000/moved"
        insecure = true
        [[registry]]
        prefix = "*.corp.example"
        location = "proxy.example"
    )";
    EXPECT_EQ(described(routes(conf), "old.example/team/app:1"), "new.example:5000/moved/app!");
    EXPECT_EQ(described(routes(conf), "old.example/other/app:1"), "old.example/other/app");
    EXPECT_EQ(described(routes(conf), "x.corp.example/app"), "proxy.example/app");
}

TEST(Routes, MayBeBlocked) {
    EXPECT_EQ(described(routes("[[registry]]\nprefix=\"bad.example/evil\"\nblocked=true"),
                        "bad.example/evil/x"),
              "'bad.example/evil' is blocked by registries.conf");
}

TEST(Routes, HaveSettingsOfTheirHost) {
    const Routes configured = routes(
        "", {{"r.example:5000", {.insecure = true, .token_realm = "https://auth.example/x"}}});
    EXPECT_EQ(described(configured, "r.example:5000/a"), "r.example:5000/a!");
    EXPECT_EQ(described(configured, "r.example/a"), "r.example/a");
    const auto endpoints = configured.endpoints(*oci::Reference::parse("r.example:5000/a"));
    EXPECT_EQ(endpoints->front().token_realm->text(), "https://auth.example");
    EXPECT_EQ(
        described(routes("", {{"r", {}}, {"h.x", {.token_realm = "auth"}}}), "h.x/a"),
        "registry.\"h.x\".token_realm: 'auth' is not a URL that is followed: it has no scheme "
        "and host");
}

std::string meant(const Routes& routes, const char* name) {
    const Result<oci::Reference> reference = routes.resolve_short_name(name);
    return reference ? reference->text() : reference.error().text();
}

TEST(ShortNames, AreDockersUnlessOtherwiseConfigured) {
    EXPECT_EQ(meant(routes(""), "alpine"), "docker.io/library/alpine:latest");
    EXPECT_EQ(meant(routes(""), "ghcr.io/a"), "ghcr.io/a:latest");
    EXPECT_EQ(meant(routes("unqualified-search-registries = []"), "a/b:1"), "docker.io/a/b:1");
    EXPECT_EQ(meant(routes("unqualified-search-registries = [\"quay.io\"]"), "a/b:1"),
              "quay.io/a/b:1");
    EXPECT_EQ(meant(routes("unqualified-search-registries = [\"quay.io\"]"), "ghcr.io/a"),
              "ghcr.io/a:latest");
}

TEST(ShortNames, MayBeAliases) {
    const Routes aliased =
        routes("[aliases]\napp = \"r.example/team/app\"\n\"a/b\" = \"r.example/ab\"");
    EXPECT_EQ(meant(aliased, "app"), "r.example/team/app:latest");
    EXPECT_EQ(meant(aliased, "app:1"), "r.example/team/app:1");
    EXPECT_EQ(meant(aliased, "a/b:2"), "r.example/ab:2");
    const std::string digest = "@sha256:" + std::string(64, 'a');
    EXPECT_EQ(meant(aliased, ("app" + digest).c_str()), "r.example/team/app" + digest);
    EXPECT_EQ(meant(aliased, "apple"), "docker.io/library/apple:latest");
}

TEST(ShortNames, ThatCouldBeSeveralAreRefused) {
    const Result<oci::Reference> reference =
        routes("unqualified-search-registries = [\"quay.io\", \"docker.io\"]")
            .resolve_short_name("a");
    ASSERT_FALSE(reference);
    EXPECT_EQ(reference.error().text(), "'a' could be any of 'quay.io/a', 'docker.io/a'");
    EXPECT_TRUE(reference.error().hint().contains("write out which"));
}

}  // namespace
}  // namespace sbx::registry
