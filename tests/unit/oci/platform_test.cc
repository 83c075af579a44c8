#include "oci/platform.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::oci {
namespace {

using namespace std::string_view_literals;
using test::fails_saying;
using test::succeeds;

struct Named {
    std::string_view text;
    std::string_view full;
};

class Platforms : public testing::TestWithParam<Named> {};

TEST_P(Platforms, AreNamedAsGoNamesThem) {
    const Result<Platform> platform = Platform::parse(GetParam().text);
    ASSERT_TRUE(succeeds(platform));
    EXPECT_EQ(platform->text(), GetParam().full);
}

INSTANTIATE_TEST_SUITE_P(All, Platforms,
                         testing::Values(Named{"linux/amd64", "linux/amd64"},
                                         Named{"arm64", "linux/arm64"},
                                         Named{"x86_64", "linux/amd64"},
                                         Named{"x86-64", "linux/amd64"}, Named{"i386", "linux/386"},
                                         Named{"linux/aarch64/v8", "linux/arm64/v8"},
                                         Named{"windows/amd64", "windows/amd64"}));

class BadPlatforms : public testing::TestWithParam<std::string_view> {};

TEST_P(BadPlatforms, AreRefused) {
    EXPECT_TRUE(fails_saying(Platform::parse(GetParam()), "is not a platform such as linux/amd64"));
}

INSTANTIATE_TEST_SUITE_P(All, BadPlatforms,
                         testing::Values("", "/", "linux/", "/amd64", "linux//v8", "a/b/c/d",
                                         "linux/amd 64", "linux/ämd64", "linux/amd64\n",
                                         "linux/amd64\0"sv));

TEST(Platform, IsOfAnArchitectureThatThereIs) {
    const Result<Platform> unknown = Platform::parse("foo");
    EXPECT_TRUE(fails_saying(unknown, "there is no architecture 'foo'"));
    EXPECT_TRUE(unknown.error().hint().contains("amd64, arm, arm64"));
    for (const char* text : {"linux/foo", "linux", "arm64/v8", "linux/AMD64"})
        EXPECT_TRUE(fails_saying(Platform::parse(text), "there is no architecture")) << text;
}

TEST(Platform, GoesThroughJson) {
    const Platform platform{.os = "linux", .architecture = "arm", .variant = "v7"};
    EXPECT_EQ(*Platform::from_json(platform.to_json()), platform);
    EXPECT_EQ(Platform{.architecture = "amd64"}.to_json().dump(),
              R"({"architecture":"amd64","os":"linux"})");
}

TEST(Platform, OfJsonHasTextMembers) {
    const Json json = Json::object().set("os", "linux").set("architecture", 7);
    EXPECT_TRUE(fails_saying(Platform::from_json(json), "'architecture' is 7, where a string"));
    EXPECT_TRUE(fails_saying(Platform::from_json("linux"), "a platform is not an object"));
}

TEST(Platform, AcceptsAVariantThatIsNotGiven) {
    const Platform v8{.architecture = "arm64", .variant = "v8"};
    const Platform any{.architecture = "arm64"};
    EXPECT_TRUE(v8.accepts(any));
    EXPECT_TRUE(any.accepts(v8));
    EXPECT_FALSE(v8.accepts({.architecture = "arm64", .variant = "v7"}));
    EXPECT_FALSE(v8.accepts({.architecture = "amd64"}));
    EXPECT_FALSE(any.accepts({.os = "windows", .architecture = "arm64"}));
}

TEST(Platform, IsNativelyOneThatItParses) {
    EXPECT_EQ(*Platform::parse(Platform::native().text()), Platform::native());
}

}  // namespace
}  // namespace sbx::oci
