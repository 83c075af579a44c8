#include "container/diff.h"

#include <gtest/gtest.h>

#include "support/container_test.h"
#include "support/results.h"

namespace sbx::container {
namespace {

class Diff : public test::ContainerTest {};

// Of images see tests/cli/diff.bats.
TEST_F(Diff, RefusesARootThatIsNoImage) {
    ASSERT_EQ(code_of(options("touch /x")), 0);
    EXPECT_TRUE(test::fails_saying(diff(store_, record()->id, ids()), "its root is a folder here"));
}

TEST_F(Diff, RefusesWhatIsNotThere) {
    EXPECT_TRUE(
        test::fails_saying(diff(store_, std::string(64, 'a'), ids()), "there is no container"));
}

}  // namespace
}  // namespace sbx::container
