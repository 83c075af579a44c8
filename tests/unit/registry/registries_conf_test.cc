#include "registry/registries_conf.h"

#include <gtest/gtest.h>

#include "support/files.h"

namespace sbx::registry {
namespace {

TEST(Prefix, CoversWholePartsOfAName) {
    EXPECT_EQ(covered_by("r.example/a/b:1", "r.example"), 9U);
    EXPECT_EQ(covered_by("r.example/a/b:1", "r.example/a"), 11U);
    EXPECT_EQ(covered_by("r.example/a/b:1", "r.example/a/b:1"), 15U);
    EXPECT_FALSE(covered_by("r.example/ab", "r.example/a"));
    EXPECT_FALSE(covered_by("r.example:5000/a", "r.exam"));
    EXPECT_TRUE(covered_by("r.example:5000/a", "r.example")) << "as podman has it";
}

TEST(Prefix, CoversHostsBelowAWildcard) {
    EXPECT_EQ(covered_by("x.y.example/a", "*.example"), 11U);
    EXPECT_EQ(covered_by("x.example/team/a", "*.example/team"), 14U);
    EXPECT_FALSE(covered_by("example/a", "*.example"));
    EXPECT_FALSE(covered_by("x.examples/a", "*.example"));
    EXPECT_FALSE(covered_by("other/x.example/a", "*.example"));
}

Result<RegistriesConf> parse(const char* text) { return RegistriesConf::parse(text, "r.conf"); }

TEST(RegistriesConf, IsRead) {
    const Result<RegistriesConf> conf = parse(R"(
        unqualified-search-registries = ["a.example", "b.example"]
        short-name-mode = "enforcing"
        [aliases]
        app = "r.example/team/app"
        [[registry]]
        prefix = "*.corp.example"
        location = "r.corp.example/mirror"
        insecure = true
        [[registry]]
        location = "docker.io"
        [[registry.mirror]]
        location = "m1.example"
        [[registry.mirror]]
        location = "m2.example/hub"
        insecure = true
        pull-from-mirror = "tag-only"
        [[registry]]
        prefix = "bad.example"
        blocked = true
    )");
    ASSERT_TRUE(conf) << conf.error().text();
    EXPECT_EQ(conf->unqualified, (std::vector<std::string>{"a.example", "b.example"}));
    EXPECT_EQ(conf->aliases.at("app"), "r.example/team/app");
    ASSERT_EQ(conf->rules.size(), 3U);
    EXPECT_TRUE(conf->rules[0].insecure);
    EXPECT_EQ(conf->rules[1].prefix, "docker.io");
    ASSERT_EQ(conf->rules[1].mirrors.size(), 2U);
    EXPECT_EQ(conf->rules[1].mirrors[0].use, Mirror::Use::always);
    EXPECT_EQ(conf->rules[1].mirrors[1].use, Mirror::Use::by_tag);
    EXPECT_TRUE(conf->rules[1].mirrors[1].insecure);
    EXPECT_TRUE(conf->rules[2].blocked);
}

TEST(RegistriesConf, FindsTheLongestPrefix) {
    const Result<RegistriesConf> conf = parse(R"(
        [[registry]]
        prefix = "r.example"
        [[registry]]
        prefix = "r.example/team"
        [[registry]]
        prefix = "*.example"
    )");
    ASSERT_TRUE(conf) << conf.error().text();
    EXPECT_EQ(conf->find("r.example/team/app:1")->prefix, "r.example/team");
    EXPECT_EQ(conf->find("r.example/app:1")->prefix, "r.example");
    EXPECT_EQ(conf->find("x.example/app:1")->prefix, "*.example");
    EXPECT_EQ(conf->find("other/app:1"), nullptr);
}

struct Broken {
    const char* text;
    const char* why;
};

class BrokenConf : public testing::TestWithParam<Broken> {};

TEST_P(BrokenConf, SaysWhere) {
    const Result<RegistriesConf> conf = parse(GetParam().text);
    ASSERT_FALSE(conf);
    EXPECT_EQ(conf.error().text(), GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenConf,
    testing::Values(
        Broken{"[registries.search]\nregistries = []",
               "r.conf:1:2: it is of version 1 of the format"},
        Broken{"[[registry]]\ninsecure = true",
               "r.conf: [[registry]]: it has neither 'prefix' nor 'location'"},
        Broken{"[[registry]]\nlocation = \"a\"\ninsecure = 1",
               "r.conf: [[registry]]: 'insecure' is 1, where true or false belongs"},
        Broken{"[[registry]]\nlocation = \"https://a\"",
               "r.conf: [[registry]]: 'location' is 'https://a', where host/path belongs"},
        Broken{"[[registry]]\nlocation = \"a\"\n[[registry.mirror]]\ninsecure = true",
               "r.conf: [[registry]]: a mirror of 'a': 'location' is missing"},
        Broken{"[[registry]]\nlocation=\"a\"\n[[registry.mirror]]\nlocation=\"b\"\n"
               "pull-from-mirror=\"x\"",
               "r.conf: [[registry]]: a mirror of 'a': 'pull-from-mirror' is 'x', where all, "
               "digest-only or tag-only belongs"}));

TEST(RegistriesConf, IsMergedByPrefix) {
    RegistriesConf conf =
        *parse("[aliases]\na = \"r/a\"\nb = \"r/b\"\n[[registry]]\nlocation = \"r\"");
    conf.merge(
        *parse("unqualified-search-registries = [\"s\"]\n[aliases]\na = \"s/a\"\n"
               "[[registry]]\nlocation = \"r\"\nblocked = true\n[[registry]]\nlocation = \"t\""));
    EXPECT_EQ(conf.aliases.at("a"), "s/a");
    EXPECT_EQ(conf.aliases.at("b"), "r/b");
    ASSERT_EQ(conf.rules.size(), 2U);
    EXPECT_TRUE(conf.rules[0].blocked);
    EXPECT_EQ(conf.unqualified, std::vector<std::string>{"s"});
}

TEST(RegistriesConf, IsThePersonsWithWhatIsDroppedInBeside) {
    const test::TempFolder home;
    test::make_folder(home.at("containers"));
    test::make_folder(home.at("containers/registries.conf.d"));
    test::make_file(home.at("containers/registries.conf"), "[aliases]\nmine = \"r/a\"");
    test::make_file(home.at("containers/registries.conf.d/1.conf"), "[aliases]\nmine = \"r/b\"");
    const Result<RegistriesConf> conf =
        read_registries_conf(Environment({{"XDG_CONFIG_HOME", home.path()}}));
    ASSERT_TRUE(conf) << conf.error().text();
    EXPECT_EQ(conf->aliases.at("mine"), "r/b");
}

TEST(RegistriesConf, IsTheOneThatIsNamedAlone) {
    const test::TempFolder folder;
    test::make_file(folder.at("r.conf"), "unqualified-search-registries = [\"only\"]");
    const Result<RegistriesConf> conf =
        read_registries_conf(Environment({{"CONTAINERS_REGISTRIES_CONF", folder.at("r.conf")}}));
    ASSERT_TRUE(conf) << conf.error().text();
    EXPECT_EQ(conf->unqualified, std::vector<std::string>{"only"});
    EXPECT_TRUE(conf->aliases.empty());
}

}  // namespace
}  // namespace sbx::registry
