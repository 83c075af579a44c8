#include "registry/retry.h"

#include <gtest/gtest.h>

namespace sbx::registry {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Backoff, DoublesUpToALimit) {
    EXPECT_EQ(backoff(1, milliseconds(1000), 0), milliseconds(1000));
    EXPECT_EQ(backoff(2, milliseconds(1000), 0), milliseconds(2000));
    EXPECT_EQ(backoff(3, milliseconds(1000), 0), milliseconds(4000));
    EXPECT_EQ(backoff(20, milliseconds(1000), 0), kLongestBackoff);
    EXPECT_EQ(backoff(2'000'000'000, milliseconds(1000), 0), kLongestBackoff);
    EXPECT_EQ(backoff(9, milliseconds(0), 1023), milliseconds(0));
}

TEST(Backoff, IsSpreadByAQuarter) {
    EXPECT_EQ(backoff(1, milliseconds(1000), 1023), milliseconds(1249));
    EXPECT_EQ(backoff(1, milliseconds(1000), 512), milliseconds(1125));
}

TEST(Backoff, IsAtLeastWhatTheServerAsksWithinReason) {
    EXPECT_EQ(backoff(1, milliseconds(10), 0, seconds(7)), seconds(7));
    EXPECT_EQ(backoff(1, milliseconds(10), 0, seconds(1'000'000'000)), seconds(60));
    EXPECT_EQ(backoff(1, milliseconds(10), 0, seconds(-1)), milliseconds(10));
    EXPECT_EQ(backoff(4, milliseconds(1000), 0, seconds(1)), seconds(8));
}

TEST(AnotherTry, IsWorthItForTheseStatuses) {
    for (const int status : {429, 500, 502, 503, 504})
        EXPECT_TRUE(is_worth_another_try(status));
    for (const int status : {200, 206, 401, 403, 404, 416, 501})
        EXPECT_FALSE(is_worth_another_try(status));
}

}  // namespace
}  // namespace sbx::registry
