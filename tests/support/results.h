// Results in assertions: EXPECT_TRUE(succeeds(f())), EXPECT_TRUE(fails_saying(g(), "its words")).
#pragma once

#include <string_view>

#include <gtest/gtest.h>

#include "base/error.h"

namespace sbx::test {

template <class T>
testing::AssertionResult succeeds(const Result<T>& result) {
    if (result) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "it failed: " << result.error().text();
}

// Whether `result` is a failure whose words contain `words`.
template <class T>
testing::AssertionResult fails_saying(const Result<T>& result, std::string_view words) {
    if (result) return testing::AssertionFailure() << "it succeeded";
    if (result.error().text().contains(words)) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "it said: " << result.error().text();
}

}  // namespace sbx::test
