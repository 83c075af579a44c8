#include "cli/pull_options.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::cli {
namespace {

using test::fails_saying;
using test::succeeds;

Result<image::PullOptions> options(const PullWords& words, const Config& config = {}) {
    return words.options(App(config));
}

std::string platform_of(const PullWords& words) {
    const Result<image::PullOptions> made = options(words);
    return made ? made->platform.text() : made.error().text();
}

TEST(PullOptions, AreThisMachinesPlatformUnlessSaid) {
    EXPECT_EQ(platform_of({}), oci::Platform::native().text());
    EXPECT_EQ(platform_of({.platform = "linux/arm64/v8"}), "linux/arm64/v8");
    EXPECT_EQ(platform_of({.arch = "s390x"}), "linux/s390x");
    EXPECT_EQ(platform_of({.arch = "arm", .variant = "v6"}), "linux/arm/v6");
    EXPECT_EQ(platform_of({.os = "freebsd"}), "freebsd/" + oci::Platform::native().architecture);
    EXPECT_TRUE(fails_saying(options({.platform = "a/b/c/d"}), "--platform: 'a/b/c/d'"));
    EXPECT_TRUE(fails_saying(options({.arch = "bar"}), "--arch: there is no architecture 'bar'"));
}

TEST(PullOptions, SplitCredentialsAtTheFirstColon) {
    const Result<image::PullOptions> made = options({.creds = "nina:se:cret"});
    ASSERT_TRUE(succeeds(made));
    ASSERT_TRUE(made->registry.credentials);
    EXPECT_EQ(made->registry.credentials->user, "nina");
    EXPECT_EQ(made->registry.credentials->password, "se:cret");
    EXPECT_FALSE(options({})->registry.credentials);
    EXPECT_EQ(options({.creds = "nina"})->registry.credentials->password, "");
}

TEST(PullOptions, RefuseCredentialsOfNobody) {
    EXPECT_TRUE(fails_saying(options({.creds = ""}), "--creds '': USER[:PASSWORD] belongs there"));
    const auto nobody = options({.creds = ":secret"});
    ASSERT_TRUE(fails_saying(nobody, "--creds ':...': USER[:PASSWORD] belongs there"));
    EXPECT_FALSE(nobody.error().text().contains("secret"));
}

TEST(PullOptions, RefuseAnAuthfileThatIsNotThere) {
    EXPECT_TRUE(fails_saying(options({.authfile = "/no/such"}),
                             "--authfile /no/such: No such file or directory"));
}

TEST(PullOptions, LeaveVerificationToTheConfigurationUnlessSaid) {
    EXPECT_EQ(options({})->registry.tls_verify, std::nullopt);
    EXPECT_EQ(options({.tls_verify = "false"})->registry.tls_verify, false);
    EXPECT_EQ(options({.tls_verify = "1"})->registry.tls_verify, true);
    EXPECT_TRUE(fails_saying(options({.tls_verify = "no"}),
                             "--tls-verify no: true or false belongs there"));
}

TEST(PullOptions, ReadTimes) {
    EXPECT_EQ(options({.retry_delay = "1500ms"})->registry.retry_delay,
              std::chrono::milliseconds(1500));
    EXPECT_TRUE(fails_saying(options({.retry_delay = "soon"}), "--retry-delay"));
}

TEST(PullOptions, CarryTheConfigurationOfRegistries) {
    Config config;
    config.registries["a:1"] = {.insecure = true, .token_realm = "https://t/"};
    const Result<image::PullOptions> made = options({}, config);
    ASSERT_TRUE(succeeds(made));
    EXPECT_TRUE(made->registries.at("a:1").insecure);
    EXPECT_EQ(made->registries.at("a:1").token_realm, "https://t/");
}

}  // namespace
}  // namespace sbx::cli
