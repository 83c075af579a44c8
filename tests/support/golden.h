// Golden files: long texts that are right when a person has read them once.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sbx::test {

std::string golden(std::string_view name);  // what the file `name` below tests/ holds

// Whether `text` is what the file `name` below tests/ holds. With SBX_ACCEPT=1 it is made so.
testing::AssertionResult matches_golden(std::string_view name, const std::string& text);

}  // namespace sbx::test
