#include "registry/challenge.h"

#include <gtest/gtest.h>

namespace sbx::registry {
namespace {

std::string describe(const Result<std::vector<Challenge>>& challenges) {
    if (!challenges) return challenges.error().text();
    std::string text;
    for (const Challenge& challenge : *challenges) {
        text += fmt::format("{}[{}]", challenge.scheme, challenge.token68);
        for (const auto& [name, value] : challenge.parameters)
            text += fmt::format(" {}={}", name, value);
        text += ";";
    }
    return text;
}

struct Field {
    const char* text;
    const char* meaning;
};

class Challenges : public testing::TestWithParam<Field> {};

TEST_P(Challenges, AreRead) {
    EXPECT_EQ(describe(parse_challenges(GetParam().text)), GetParam().meaning);
}

INSTANTIATE_TEST_SUITE_P(
    All, Challenges,
    testing::Values(
        Field{"", ""}, Field{" , ,", ""}, Field{"Basic", "basic[];"},
        Field{"Basic realm=\"a registry\"", "basic[] realm=a registry;"},
        Field{"Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\","
              "scope=\"repository:a:pull,push\"",
              "bearer[] realm=https://auth.docker.io/token service=registry.docker.io "
              "scope=repository:a:pull,push;"},
        Field{"bEaReR Realm = x , Error=\"a \\\"b\\\"\"", "bearer[] realm=x error=a \"b\";"},
        Field{"Basic realm=a, Bearer realm=b, service=c",
              "basic[] realm=a;bearer[] realm=b "
              "service=c;"},
        Field{"Negotiate, Basic realm=x", "negotiate[];basic[] realm=x;"},
        Field{"Negotiate oYG==, Basic realm=x", "negotiate[oYG==];basic[] realm=x;"},
        Field{"Digest realm=x,,  , nonce=y", "digest[] realm=x nonce=y;"},
        Field{"Basic realm=\"\"", "basic[] realm=;"}));

class BadChallenges : public testing::TestWithParam<Field> {};

TEST_P(BadChallenges, AreRefusedWithThePlace) {
    const std::string text = describe(parse_challenges(GetParam().text));
    EXPECT_TRUE(text.contains(GetParam().meaning)) << text;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadChallenges,
    testing::Values(Field{"Bearer realm=\"open", "offset 18: a value belongs here"},
                    Field{"Bearer realm=\"a\x01\"", "offset 15: a value belongs here"},
                    Field{"Bearer realm=\"a\\", "a value belongs here"},
                    Field{"Bearer realm=a realm", "a comma belongs here"},
                    Field{"Bearer realm=a, realm=b", "stands there twice"},
                    Field{"Bearer realm=a, REALM=b", "stands there twice"},
                    Field{"=x", "offset 0: a scheme belongs here"},
                    Field{"Basic;x", "a space belongs here"},
                    Field{"Basic \"x\"", "a parameter belongs here"},
                    Field{"Basic a b", "a '=' belongs here"}));

TEST(Challenges, AreLimitedInNumber) {
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += "Basic, ";
    EXPECT_TRUE(describe(parse_challenges(many)).contains("there are too many"));
}

TEST(Challenge, FindsAParameter) {
    const Result<std::vector<Challenge>> challenges = parse_challenges("Bearer realm=a");
    ASSERT_TRUE(challenges);
    EXPECT_EQ(challenges->front().find("realm"), "a");
    EXPECT_EQ(challenges->front().find("scope"), "");
}

}  // namespace
}  // namespace sbx::registry
