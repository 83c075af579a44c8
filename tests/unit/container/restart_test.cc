#include "container/restart.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using std::chrono::milliseconds;
using test::fails_saying;

RestartPolicy policy(std::string_view text) { return RestartPolicy::parse(text).value(); }

TEST(RestartPolicy, IsWrittenAsDockerWritesIt) {
    for (const char* text : {"no", "always", "unless-stopped", "on-failure", "on-failure:3"})
        EXPECT_EQ(policy(text).text(), text);
    EXPECT_EQ(policy("").text(), "no");
    EXPECT_EQ(policy("on-failure:3").name(), "on-failure");
}

TEST(RestartPolicy, ThatIsNoneIsNamed) {
    for (const char* text : {"sometimes", "always:3", "on-failure:", "on-failure:x", "Always"})
        EXPECT_FALSE(RestartPolicy::parse(text)) << text;
    EXPECT_TRUE(fails_saying(RestartPolicy::parse("maybe"), "'maybe' is not always"));
}

TEST(RestartPolicy, LooksAtTheCodeAndTheNumber) {
    EXPECT_FALSE(policy("no").wants(1, 0));
    EXPECT_TRUE(policy("always").wants(0, 1000));
    EXPECT_TRUE(policy("unless-stopped").wants(0, 0));
    EXPECT_TRUE(policy("on-failure").wants(1, 1000));
    EXPECT_FALSE(policy("on-failure").wants(0, 0));
    EXPECT_TRUE(policy("on-failure:2").wants(1, 1));
    EXPECT_FALSE(policy("on-failure:2").wants(1, 2));
}

TEST(RestartPolicy, WaitsLongerEachTime) {
    milliseconds delay(0);
    for (const int expected : {100, 200, 400, 800}) {
        delay = next_delay(delay, milliseconds(5));
        EXPECT_EQ(delay.count(), expected);
    }
    EXPECT_EQ(next_delay(milliseconds(50'000), milliseconds(5)).count(), 60'000);
    EXPECT_EQ(next_delay(milliseconds(60'000), milliseconds(5)).count(), 60'000);
    EXPECT_EQ(next_delay(milliseconds(800), milliseconds(10'000)).count(), 100);
}

}  // namespace
}  // namespace sbx::container
