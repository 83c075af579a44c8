#include "container/commit.h"

#include <gtest/gtest.h>

#include "support/container_test.h"
#include "support/results.h"

namespace sbx::container {
namespace {

class CommitTest : public test::ContainerTest {
protected:
    Result<Committed> commit(const std::string& id) {
        return container::commit({.store = store_, .poll = poll_, .ids = ids()}, {.id = id});
    }

    os::Poll poll_;
};

// Of images see tests/cli/commit.bats.
TEST_F(CommitTest, RefusesARootThatIsNoImage) {
    ASSERT_EQ(code_of(options("touch /x")), 0);
    const Result<Committed> made = commit(record()->id);
    EXPECT_TRUE(test::fails_saying(made, "its root is a folder here, not an image"));
    EXPECT_TRUE(made.failed_as(Error::Kind::unsupported));
}

TEST_F(CommitTest, RefusesWhatIsNotThere) {
    EXPECT_TRUE(test::fails_saying(commit(std::string(64, 'a')), "there is no container"));
}

}  // namespace
}  // namespace sbx::container
