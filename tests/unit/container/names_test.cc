#include "container/names.h"

#include <set>

#include <gtest/gtest.h>

#include "store/containers.h"
#include "support/results.h"

namespace sbx::container {
namespace {

TEST(RandomName, CanBeTheNameOfAContainer) {
    for (int i = 0; i < 1000; ++i)
        EXPECT_TRUE(test::succeeds(store::check_object_name("container", random_name())));
}

TEST(RandomName, IsAQualityAndAnAnimal) {
    const std::string name = random_name();
    const std::size_t gap = name.find('_');
    ASSERT_NE(gap, name.npos);
    EXPECT_GE(gap, 3U);
    EXPECT_GE(name.size() - gap - 1, 3U);
    EXPECT_EQ(name.find('_', gap + 1), name.npos);
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), name.npos) << name;
}

// Of some 7800 names; that half of a thousand are the same has a chance below 1e-300.
TEST(RandomName, IsSeldomTheSame) {
    std::set<std::string> names;
    for (int i = 0; i < 1000; ++i)
        names.insert(random_name());
    EXPECT_GT(names.size(), 500U);
}

}  // namespace
}  // namespace sbx::container
