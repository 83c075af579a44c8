#include "os/random.h"

#include <set>

#include <gtest/gtest.h>

namespace sbx::os {
namespace {

TEST(RandomHex, HasSoManyDigits) {
    for (const std::size_t digits : {0UL, 1UL, 12UL, 64UL, 256UL}) {
        const std::string text = random_hex(digits);
        EXPECT_EQ(text.size(), digits);
        EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), text.npos);
    }
}

TEST(RandomHex, IsNeverTheSame) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i)
        EXPECT_TRUE(seen.insert(random_hex(32)).second);
}

TEST(RandomBelow, IsBelowAndReachesAll) {
    std::set<std::uint32_t> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(random_below(4));
    EXPECT_EQ(seen, (std::set<std::uint32_t>{0, 1, 2, 3}));
    EXPECT_EQ(random_below(1), 0U);
}

}  // namespace
}  // namespace sbx::os
