#include "container/update.h"

#include <gtest/gtest.h>

#include "container/blueprint.h"
#include "support/container_test.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

class UpdateTest : public test::ContainerTest {
protected:
    oci::Resources kept() const {
        const store::Containers containers = store::Containers::open(store_).value();
        const Json json = containers.read_spec(record()->id).value();
        return blueprint_from(*record(), json)->request.spec.resources;
    }

    Result<> update_it(const ResourceOptions& wishes) const {
        return update(store_, record()->id, {.limits = wishes}, *host_);
    }

    // As if cgroups could be had here, with two controllers: for what is not started.
    void delegate_cgroups() {
        host_->cgroups = {.version_2 = true, .own = "/mine", .own_controllers = {"memory", "pids"}};
    }
};

TEST_F(UpdateTest, IsKeptForTheNextStart) {
    delegate_cgroups();
    ASSERT_TRUE(succeeds(life(options("true")).create()));
    ASSERT_TRUE(succeeds(update_it({.memory = "64m", .pids_limit = "50"})));
    ASSERT_TRUE(succeeds(update_it({.pids_limit = "60"})));
    EXPECT_EQ(kept().memory.limit, 64 << 20);
    EXPECT_EQ(kept().pids_limit, 60);
}

TEST_F(UpdateTest, ThatCannotBeChangesNothing) {
    ASSERT_TRUE(succeeds(life(options("true")).create()));
    EXPECT_TRUE(fails_saying(update_it({.memory = "much"}), "--memory much"));
    EXPECT_EQ(kept(), oci::Resources());
    EXPECT_FALSE(update(store_, std::string(64, '0'), {.limits = {.memory = "64m"}}, *host_));
}

// It could not be started any more.
TEST_F(UpdateTest, ThatCreateWouldRefuseIsRefused) {
    ASSERT_TRUE(succeeds(life(options("true")).create()));
    host_->cgroups = {};
    EXPECT_TRUE(fails_saying(update_it({.memory = "64m"}), "limits need cgroup version 2"));
    delegate_cgroups();
    const Result<> lacking = update_it({.cpus = "1", .pids_limit = "50"});
    EXPECT_TRUE(fails_saying(lacking, "needs the controller 'cpu'"));
    EXPECT_EQ(kept(), oci::Resources()) << "nor is one of them kept";
}

TEST_F(UpdateTest, LiftsWhatWasLimited) {
    delegate_cgroups();
    ASSERT_TRUE(succeeds(life(options("true")).create()));
    ASSERT_TRUE(succeeds(update_it({.memory = "64m", .pids_limit = "50"})));
    ASSERT_TRUE(succeeds(update_it({.memory = "0"})));
    EXPECT_EQ(kept(), oci::Resources{.pids_limit = 50});
    host_->cgroups = {};
    ASSERT_TRUE(succeeds(update_it({.pids_limit = "-1"}))) << "so that it starts anywhere";
    EXPECT_EQ(kept(), oci::Resources());
}

TEST_F(UpdateTest, OfWhatRunsWithoutACgroupIsRefused) {
    test::Output output;
    os::Process sbx = run(options("echo up; while :; do sleep 0.01; done"), output);
    ASSERT_TRUE(comes_up(output));
    const Result<> updated = update_it({.pids_limit = "50"});
    EXPECT_TRUE(fails_saying(updated, "it runs without a cgroup"));
    EXPECT_TRUE(updated.failed_as(Error::Kind::unsupported));
    EXPECT_TRUE(succeeds(update_it({.pids_limit = "-1"}))) << "no limit is there already";
    ASSERT_TRUE(succeeds(remove(store_, record()->id, ids(), Force::kill)));
    EXPECT_TRUE(succeeds(sbx.wait()));
}

TEST_F(UpdateTest, OfTheRestartPolicyAndTheHealthCheckIsKept) {
    ASSERT_TRUE(succeeds(life(options("true")).create()));
    const auto update_to = [&](const Changes& changes) {
        return update(store_, record()->id, changes, *host_);
    };
    const auto blueprint = [&] {
        return read_blueprint(store::Containers::open(store_).value(), record()->id).value();
    };
    EXPECT_TRUE(succeeds(update_to({.restart = "on-failure:3"})));
    EXPECT_EQ(blueprint().restart.text(), "on-failure:3");
    EXPECT_TRUE(fails_saying(update_to({.restart = "often"}), "--restart"));
    EXPECT_TRUE(
        fails_saying(update_to({.health = {.interval = "5s"}}), "there is no health check"));
    EXPECT_TRUE(succeeds(update_to(
        {.health = {.command = "test -e /up", .interval = "disable", .on_failure = "kill"}})));
    EXPECT_TRUE(succeeds(update_to({.health = {.retries = "7"}})));
    ASSERT_TRUE(blueprint().health);
    EXPECT_EQ(blueprint().health->config.retries, 7);
    EXPECT_EQ(blueprint().health->config.interval.count(), 0);
    EXPECT_EQ(blueprint().health->on_failure, HealthCheck::Action::kill);
    EXPECT_EQ(blueprint().restart.text(), "on-failure:3");
    EXPECT_TRUE(succeeds(update_to({.health = {.interval = "100ms", .timeout = "50ms"}})));
    EXPECT_TRUE(succeeds(update_to({.health = {.retries = "2"}})));
    EXPECT_EQ(blueprint().health->config.interval, std::chrono::milliseconds(100));
    EXPECT_EQ(blueprint().health->config.timeout, std::chrono::milliseconds(50));
    EXPECT_TRUE(succeeds(update_to({.health = {.off = true}})));
    EXPECT_FALSE(blueprint().health);
}

}  // namespace
}  // namespace sbx::container
