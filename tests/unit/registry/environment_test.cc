#include "registry/environment.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace sbx::registry {
namespace {

TEST(Environment, IsThatOfTheProcess) {
    ASSERT_EQ(::setenv("SBX_TEST_VARIABLE", "a=b", 1), 0);
    EXPECT_EQ(Environment::current().get("SBX_TEST_VARIABLE"), "a=b");
    EXPECT_EQ(Environment::current().get("SBX_TEST_NO_VARIABLE"), "");
    ::unsetenv("SBX_TEST_VARIABLE");
}

TEST(Environment, SaysWhereConfigurationIs) {
    EXPECT_EQ(Environment({{"HOME", "/h"}}).config_home(), "/h/.config");
    EXPECT_EQ(Environment({{"HOME", "/h"}, {"XDG_CONFIG_HOME", "/c"}}).config_home(), "/c");
    EXPECT_EQ(Environment({{"HOME", "/h"}, {"XDG_CONFIG_HOME", "c"}}).config_home(), "/h/.config")
        << "a relative one is to be ignored: XDG base directory specification";
    EXPECT_EQ(Environment().config_home(), "");
}

TEST(Environment, IsGivenToAProgramLineByLine) {
    EXPECT_EQ(Environment({{"A", "1"}, {"B", ""}}).lines(),
              (std::vector<std::string>{"A=1", "B="}));
}

}  // namespace
}  // namespace sbx::registry
