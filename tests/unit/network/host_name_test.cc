#include "network/host_name.h"

#include <string>

#include <gtest/gtest.h>

namespace sbx::network {
namespace {

TEST(HostName, HasLabelsOfLettersAndDigits) {
    for (const std::string& name :
         {std::string("a"), std::string("A-1.example_2"), std::string("1.2"), std::string(64, 'a')})
        EXPECT_TRUE(is_host_name(name)) << name;
    for (const std::string& name :
         {std::string(), std::string("."), std::string("a..b"), std::string("a."),
          std::string("-a"), std::string("a-.b"), std::string("a b"), std::string("a\0b", 3),
          std::string("\xc3\xa4")})
        EXPECT_FALSE(is_host_name(name)) << name;
}

TEST(HostName, HasALength) {
    std::string name = "a";
    while (name.size() + 2 <= kLongestName)
        name += ".a";
    EXPECT_TRUE(is_host_name(name));
    EXPECT_FALSE(is_host_name(name + ".a"));
    EXPECT_FALSE(is_host_name("abc", 2));
}

}  // namespace
}  // namespace sbx::network
