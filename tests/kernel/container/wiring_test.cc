#include "container/wiring.h"

#include <sched.h>

#include <gtest/gtest.h>

#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::succeeds;

TEST(Wiring, IsNoneWhereThereIsNothingToConnect) {
    Wiring wiring;
    const auto begun = wiring.begin({});
    ASSERT_TRUE(succeeds(begun));
    EXPECT_FALSE(*begun);
    wiring.end();
}

TEST(Wiring, ServesOneLifeAfterAnother) {
    test::in_namespaces([] {
        Wiring wiring;
        for (int life = 0; life < 2; ++life) {
            ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
            const auto begun = wiring.begin({.settings = network::Settings()});
            ASSERT_TRUE(succeeds(begun));
            const auto& network = *begun;
            ASSERT_TRUE(network);
            Result<std::vector<os::Fd>> devices = network->make();
            ASSERT_TRUE(succeeds(devices));
            ASSERT_TRUE(succeeds(network->serve(*std::move(devices))));
            ASSERT_TRUE(succeeds(network->await()));
            wiring.end();
        }
    });
}

}  // namespace
}  // namespace sbx::container
