#include "container/connect.h"

#include <gtest/gtest.h>

#include "container/blueprint.h"
#include "container/connection.h"
#include "container/networks.h"
#include "support/container_test.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

class ConnectTest : public test::ContainerTest {
protected:
    void SetUp() override {
        test::ContainerTest::SetUp();
        for (const char* name : {"app", "back"})
            ASSERT_TRUE(succeeds(create_network(store_, {.name = name})));
    }

    container::Options on(const Strings& networks, const std::string& script) const {
        container::Options asked = options(script);
        asked.networks = networks;
        return asked;
    }

    Result<> connect_it(const Attachment& wish) const {
        return connect(store_, record()->id, wish);
    }
    Result<> disconnect_it(const std::string& name) const {
        return disconnect(store_, record()->id, name);
    }
    Strings networks() const { return record()->networks; }
};

TEST_F(ConnectTest, FindsTheNextWayOut) {
    test::Output output;
    const char* script =
        "echo up; until ip route | grep 'default via 10.89.1.1'; do sleep 0.02; done; "
        "until grep 10.89.1.254 /etc/resolv.conf; do sleep 0.02; done; "
        "until ip route | grep 'default via 10.89.0.1'; do sleep 0.02; done; "
        "until grep 10.89.0.254 /etc/resolv.conf; do sleep 0.02; done";
    os::Process sbx = run(on({"app", "back"}, script), output);
    ASSERT_TRUE(comes_up(output));
    ASSERT_TRUE(succeeds(disconnect_it("app")));
    EXPECT_TRUE(output.shows("default via 10.89.1.1"));
    EXPECT_TRUE(output.shows("nameserver 10.89.1.254"));
    ASSERT_TRUE(succeeds(disconnect_it("back")));
    ASSERT_TRUE(succeeds(connect_it({.network = "app"})));
    EXPECT_TRUE(output.shows("default via 10.89.0.1"));
    EXPECT_TRUE(output.shows("nameserver 10.89.0.254"));
    EXPECT_EQ(sbx.wait()->code, 0);
}

TEST_F(ConnectTest, IsKeptForTheNextStart) {
    ASSERT_TRUE(succeeds(life(on({"app"}, "true")).create()));
    ASSERT_TRUE(succeeds(connect_it({.network = "back", .aliases = {"db"}})));
    EXPECT_EQ(networks(), (Strings{"app", "back"}));
    const store::Containers containers = store::Containers::open(store_).value();
    EXPECT_EQ(read_blueprint(containers, record()->id)->attachments[1],
              (Attachment{.network = "back", .interface = "eth1", .aliases = {"db"}}));
    ASSERT_TRUE(succeeds(disconnect_it("app")));
    ASSERT_TRUE(succeeds(disconnect_it("back")));
    EXPECT_TRUE(networks().empty());
    EXPECT_TRUE(succeeds(connect_it({.network = "app"}))) << "it still is one that shares";
}

TEST_F(ConnectTest, ThatMakesNoSenseIsRefused) {
    ASSERT_TRUE(succeeds(life(on({"app"}, "true")).create()));
    EXPECT_TRUE(fails_saying(connect_it({.network = "app"}), "is on network 'app' already"));
    EXPECT_TRUE(fails_saying(connect_it({.network = "none"}), "there is no network 'none'"));
    EXPECT_TRUE(fails_saying(connect_it({.network = "back", .v4 = "1.2.3.4"}), "has no address"));
    EXPECT_TRUE(fails_saying(disconnect_it("back"), "is not on network 'back'"));
    EXPECT_EQ(networks(), Strings{"app"});
}

TEST_F(ConnectTest, IsForContainersThatShareNetworks) {
    ASSERT_TRUE(succeeds(life(options("true")).create()));
    EXPECT_TRUE(fails_saying(connect_it({.network = "app"}), "was not made to share a network"));
}

TEST_F(ConnectTest, GivesWhatRunsItsDeviceAtOnce) {
    test::Output output;
    const char* script =
        "echo up; until ip addr show eth1 2>/dev/null | grep 'inet '; do sleep 0.02; done; "
        "until [ $(grep -c box /etc/hosts) = 2 ]; do sleep 0.02; done; cat /etc/resolv.conf; "
        "while ip link show eth1 >/dev/null 2>&1; do sleep 0.02; done; echo gone";
    os::Process sbx = run(on({"app"}, script), output);
    ASSERT_TRUE(comes_up(output));
    ASSERT_TRUE(succeeds(connect_it({.network = "back"})));
    const store::Containers containers = store::Containers::open(store_).value();
    EXPECT_EQ(connections_of(*containers.live(record()->id)).size(), 2U);
    EXPECT_TRUE(output.shows("inet 10.89.1.2/24"));
    EXPECT_TRUE(output.shows("\nnameserver 10.89.0.254\n"));
    ASSERT_TRUE(succeeds(disconnect_it("back")));
    EXPECT_TRUE(output.shows("gone"));
    EXPECT_EQ(sbx.wait()->code, 0);
    EXPECT_EQ(networks(), Strings{"app"});
}

}  // namespace
}  // namespace sbx::container
