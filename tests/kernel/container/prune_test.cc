#include "container/prune.h"

#include <gtest/gtest.h>

#include "support/container_test.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::succeeds;
using Strings = std::vector<std::string>;

class PruneTest : public test::ContainerTest {
protected:
    Pruned pruned(const Strings& filters = {}) {
        Result<Pruned> result = prune(store_, ids(), Filter::parse(filters).value());
        EXPECT_TRUE(succeeds(result));
        return result ? *std::move(result) : Pruned();
    }

    test::Output output_;
};

TEST_F(PruneTest, RemovesWhatHasEndedAndTellsItsSize) {
    ASSERT_EQ(code_of(options("exit 3")), 3);
    const std::string id = record()->id;
    const Pruned result = pruned();
    EXPECT_EQ(result.ids, Strings{id});
    EXPECT_GT(result.bytes, 0U);
    EXPECT_TRUE(result.failures.empty());
    EXPECT_EQ(left_over(), "");
}

TEST_F(PruneTest, RemovesWhatWasNeverStartedAndIsAdmitted) {
    ASSERT_TRUE(succeeds(life(options("")).create()));
    EXPECT_TRUE(pruned({"until=24h"}).ids.empty());
    EXPECT_TRUE(pruned({"label=kind"}).ids.empty());
    EXPECT_EQ(pruned({"label!=kind"}).ids.size(), 1U);
}

TEST_F(PruneTest, SparesWhatRuns) {
    os::Process sbx = run(options("echo up; while :; do sleep 0.01; done"), output_);
    ASSERT_TRUE(comes_up(output_));
    EXPECT_TRUE(pruned().ids.empty());
    EXPECT_TRUE(runs());
}

}  // namespace
}  // namespace sbx::container
