#include "cli/config.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::cli {
namespace {

using test::fails_saying;
using test::succeeds;

Result<Config> parsed(std::string_view text) {
    Config config;
    TRY(apply_config(text, "sbx.toml", config));
    return config;
}

TEST(Config, SetsWhatItNames) {
    const Result<Config> config = parsed(R"(
        detach_keys = "ctrl-x"
        log_level = "debug"
        progress = "none"
        publish_address = "::"
        pull = "newer"
        root = "/srv/sbx"
        storage_driver = "copy"
        [registry."localhost:5000"]
        insecure = true
        token_realm = "https://tokens.example/")");
    ASSERT_TRUE(succeeds(config));
    EXPECT_EQ(config->detach_keys, "ctrl-x");
    EXPECT_EQ(config->log_level, "debug");
    EXPECT_EQ(config->progress, "none");
    EXPECT_EQ(config->publish_address, "::");
    EXPECT_EQ(config->pull, "newer");
    EXPECT_EQ(config->root, "/srv/sbx");
    EXPECT_EQ(config->storage_driver, "copy");
    EXPECT_TRUE(config->registries.at("localhost:5000").insecure);
    EXPECT_EQ(config->registries.at("localhost:5000").token_realm, "https://tokens.example/");
}

TEST(Config, LeavesTheRestAsItWas) {
    Config config{.pull = "never"};
    ASSERT_TRUE(succeeds(apply_config("root = \"/x\"", "sbx.toml", config)));
    EXPECT_EQ(config.pull, "never");
    EXPECT_EQ(config.detach_keys, "ctrl-p,ctrl-q");
}

TEST(Config, RefusesKeysThatAreNone) {
    const Result<Config> config = parsed("pull = \"never\"\ndetach_keys = \"foo\"");
    ASSERT_TRUE(fails_saying(config, ":2:"));
    EXPECT_TRUE(fails_saying(config, "key 'detach_keys': 'foo' is not a list of keys"));
    EXPECT_TRUE(config.error().hint().contains("ctrl-LETTER"));
    EXPECT_TRUE(succeeds(parsed("detach_keys = \"\""))) << "there are none";
}

TEST(Config, LetsALaterFileAddToARegistry) {
    Config config;
    ASSERT_TRUE(succeeds(apply_config("[registry.a]\ninsecure = true", "one", config)));
    ASSERT_TRUE(succeeds(apply_config("[registry.a]\ntoken_realm = \"x\"", "two", config)));
    EXPECT_TRUE(config.registries.at("a").insecure);
    EXPECT_EQ(config.registries.at("a").token_realm, "x");
}

TEST(Config, PointsAtTheLineAndColumnOfAMistake) {
    EXPECT_TRUE(fails_saying(parsed("pull = \"never\"\nroot = 3"),
                             "sbx.toml:2:1: key 'root': a string belongs there"));
    EXPECT_TRUE(fails_saying(parsed("publish_address = \"localhost\""),
                             "sbx.toml:1:1: key 'publish_address': 'localhost' is not an IP"));
    EXPECT_TRUE(fails_saying(parsed("pull = \"maybe\""),
                             "sbx.toml:1:1: key 'pull': 'maybe' is none of missing, always"));
    EXPECT_TRUE(fails_saying(parsed("root = \"here\""),
                             "sbx.toml:1:1: key 'root': an absolute path belongs there"));
    EXPECT_TRUE(fails_saying(parsed("pull ="), "sbx.toml:1:"));
}

TEST(Config, PointsIntoTablesToo) {
    EXPECT_TRUE(fails_saying(parsed("[registry.a]\n\ninsecure = \"yes\""),
                             "sbx.toml:3:1: key 'registry.a.insecure': true or false"));
    EXPECT_TRUE(fails_saying(parsed("registry = 3"), "key 'registry': tables such as"));
    EXPECT_TRUE(fails_saying(parsed("[registry]\na = 3"), "key 'registry.a': a table"));
}

TEST(Config, SuggestsTheKeyThatWasMeant) {
    const Result<Config> config = parsed("storage-driver = \"copy\"");
    ASSERT_TRUE(fails_saying(config, "key 'storage-driver': there is no such key"));
    EXPECT_EQ(config.error().hint(), "did you mean 'storage_driver'?");
    const Result<Config> inner = parsed("[registry.a]\ninsecur = true");
    ASSERT_TRUE(fails_saying(inner, "key 'registry.a.insecur'"));
    EXPECT_EQ(inner.error().hint(), "did you mean 'insecure'?");
}

TEST(Config, KnowsEveryKeyThatItDocuments) {
    for (const ConfigKey& key : config_keys()) {
        std::string name(key.key);
        if (const std::size_t host = name.find("\"HOST\""); host != name.npos)
            name.replace(host, 6, "h");
        const Result<Config> config = parsed(name + " = 1979-05-27");
        ASSERT_FALSE(config) << name;
        EXPECT_FALSE(config.error().text().contains("there is no such key")) << name;
    }
}

}  // namespace
}  // namespace sbx::cli
