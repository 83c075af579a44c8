#include "container/memberships.h"

#include <sched.h>

#include <gtest/gtest.h>

#include "container/networks.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::container {
namespace {

using test::succeeds;
using Strings = std::vector<std::string>;

class MembershipsTest : public testing::Test {
protected:
    Result<std::optional<sandbox::Network>> begin(const std::vector<Attachment>& attachments) {
        return memberships_.begin({.store = *store_,
                                   .record = record_,
                                   .attachments = attachments,
                                   .egress = egress_,
                                   .scope = scope_});
    }

    test::TempStore store_;
    store::ContainerRecord record_ = {.id = std::string(64, 'b'), .name = "box"};
    std::optional<EgressChoice> egress_ = {};
    std::optional<sandbox::Scope> scope_ = {};
    Memberships memberships_ = {};
};

TEST_F(MembershipsTest, AreNoneWhereNothingIsShared) {
    const auto network = begin({});
    ASSERT_TRUE(succeeds(network));
    EXPECT_FALSE(*network);
}

TEST_F(MembershipsTest, AreOfOneLifeAfterAnother) {
    ASSERT_TRUE(succeeds(create_network(*store_, {.name = "back", .internal = true})));
    ASSERT_TRUE(succeeds(create_network(*store_, {.name = "app"})));
    test::in_namespaces([&] {
        for (int life = 0; life < 2; ++life) {
            ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
            const auto network = begin({{.network = "back", .interface = "eth0"},
                                        {.network = "app", .interface = "eth1"}});
            ASSERT_TRUE(succeeds(network));
            Result<std::vector<os::Fd>> devices = (*network)->make();
            ASSERT_TRUE(succeeds(devices));
            ASSERT_EQ(devices->size(), 2U);
            ASSERT_TRUE(succeeds((*network)->serve(*std::move(devices))));
            ASSERT_TRUE(succeeds((*network)->await()));
            EXPECT_EQ(memberships_.connections()[0].v4, "10.89.0.2");
            EXPECT_EQ(memberships_.connections()[1].v4, "10.89.1.2");
            EXPECT_EQ(memberships_.end(), "");
            EXPECT_TRUE(memberships_.connections().empty());
        }
    });
}

TEST_F(MembershipsTest, NeedALogThatCanBeWritten) {
    ASSERT_TRUE(succeeds(create_network(*store_, {.name = "app"})));
    egress_.emplace().log = "/no/such/log";
    EXPECT_TRUE(test::fails_saying(begin({{.network = "app", .interface = "eth0"}}), "--net-log"));
}

TEST_F(MembershipsTest, NeedANetworkThatIsThere) {
    EXPECT_TRUE(test::fails_saying(begin({{.network = "none", .interface = "eth0"}}),
                                   "there is no network 'none'"));
}

}  // namespace
}  // namespace sbx::container
