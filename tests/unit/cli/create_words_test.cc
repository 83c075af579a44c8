#include "cli/create_words.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/results.h"

namespace sbx::cli {
namespace {

using test::fails_saying;
using Words = std::vector<std::string>;

std::string for_unit(const Words& words) {
    const Result<Words> made = words_for_unit(words, "web");
    return made ? join(*made, " ") : made.error().text();
}

constexpr const char* kBegin = "run --rm --replace --name web";

TEST(CreateWords, AreThoseOfAForegroundContainerThatGoes) {
    const std::string begin = kBegin;
    EXPECT_EQ(for_unit({"run", "image"}), begin + " image");
    EXPECT_EQ(for_unit({"create", "image", "--rm"}), begin + " image --rm");
    EXPECT_EQ(for_unit({"container", "run", "-d", "--name", "old", "--name=old", "image"}),
              begin + " image");
    EXPECT_EQ(for_unit({"run", "-dit", "--restart", "always", "--rm=false", "image", "-d"}),
              begin + " -t image -d");
    EXPECT_EQ(for_unit({"run", "--detach=true", "-d=true", "--cidfile", "f", "--", "image"}),
              begin + " -- image");
}

TEST(CreateWords, KeepAllElse) {
    const std::string begin = kBegin;
    EXPECT_EQ(for_unit({"run", "-dv", "/d:/d", "-eA=d", "--env", "-d", "-p=80:80", "image"}),
              begin + " -v /d:/d -eA=d --env -d -p=80:80 image");
    EXPECT_EQ(for_unit({"run", "-tv/d:/d", "--net=host", "image", "sh", "-c", "x"}),
              begin + " -tv/d:/d --net=host image sh -c x");
    EXPECT_EQ(for_unit({"run", "--health-on-failure", "restart", "image"}),
              begin + " --health-on-failure kill image");
    EXPECT_EQ(for_unit({"run", "--health-on-failure=stop", "image"}),
              begin + " --health-on-failure=stop image");
}

TEST(CreateWords, AreOfRunOrCreate) {
    for (const Words& words : {Words{}, Words{"pod", "create"}, Words{"exec", "box", "ls"}})
        EXPECT_TRUE(fails_saying(words_for_unit(words, "web"), "by which command it was made"));
}

std::string kept(const Words& words) {
    const Result<Words> made = without_credentials(words);
    return made ? join(*made, " ") : made.error().text();
}

TEST(CreateWords, AreKeptWithoutCredentials) {
    EXPECT_EQ(kept({"run", "--creds", "me:secret", "-d", "image"}), "run -d image");
    EXPECT_EQ(kept({"container", "create", "--creds=me:secret", "--rm", "image"}),
              "container create --rm image");
    EXPECT_EQ(kept({"run", "--health-on-failure", "restart", "--name", "n", "--creds", "me", "i"}),
              "run --health-on-failure restart --name n i");
    EXPECT_EQ(kept({"run", "image", "tool", "--creds", "its:own"}),
              "run image tool --creds its:own");
}

}  // namespace
}  // namespace sbx::cli
