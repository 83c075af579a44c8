#include "runtime/limits.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

using sandbox::CgroupHost;
using sandbox::CgroupManager;

const CgroupHost kNone = {.version_2 = true};
const CgroupHost kOwn = {.version_2 = true, .own = "/a", .own_controllers = {"pids"}};
const CgroupHost kSystemd = {.version_2 = true, .systemd = os::BusPlace{.path = "/bus"}};
const CgroupHost kRoot = {.version_2 = true, .root = true, .own = ""};

sandbox::Request request(CgroupManager manager = CgroupManager::cgroupfs) {
    sandbox::Request request;
    request.spec.resources = {.devices = {{.allow = false}},
                              .memory = {.limit = 4096, .swap = -1, .disable_oom_killer = false},
                              .pids_limit = 5,
                              .unified = {{"memory.high", "9"}}};
    request.cgroup.manager = manager;
    return request;
}

TEST(Limits, AreKeptWhereACgroupCanBeHad) {
    for (const CgroupHost& host : {kOwn, kSystemd, kRoot}) {
        const bool own = host.own.has_value();
        const Result<Fitted> fitted =
            fit_limits(request(own ? CgroupManager::cgroupfs : CgroupManager::systemd), host);
        ASSERT_TRUE(test::succeeds(fitted));
        EXPECT_TRUE(fitted->warnings.empty());
        EXPECT_TRUE(fitted->request.cgroup.wanted);
        EXPECT_EQ(fitted->request.spec.resources, request().spec.resources);
    }
}

TEST(Limits, AreNamedWhereCgroupsAreDisabled) {
    const Result<Fitted> fitted = fit_limits(request(CgroupManager::disabled), kNone);
    ASSERT_TRUE(test::succeeds(fitted));
    ASSERT_EQ(fitted->warnings.size(), 3U);
    EXPECT_TRUE(fitted->warnings[0].starts_with("linux.resources.memory.limit is not enforced"));
    EXPECT_TRUE(fitted->warnings[1].starts_with("linux.resources.pids.limit is not enforced"));
    EXPECT_TRUE(fitted->warnings[2].starts_with("linux.resources.unified.memory.high is not"));
    EXPECT_EQ(fitted->request.spec.resources, oci::Resources());
    EXPECT_EQ(fitted->request.cgroup.manager, CgroupManager::disabled);
}

TEST(Limits, AreRefusedWhereNoneCanBeHad) {
    for (const CgroupManager manager : {CgroupManager::cgroupfs, CgroupManager::systemd})
        EXPECT_TRUE(test::fails_saying(
            fit_limits(request(manager), kNone),
            "config.json asks for linux.resources.memory.limit, which cannot be had"));
    EXPECT_TRUE(test::fails_saying(fit_limits(request(), {}), "version 2 alone"));
    EXPECT_EQ(fit_limits(request(CgroupManager::cgroupfs), kSystemd).error().hint(),
              "--systemd-cgroup has systemd make one");
}

TEST(Limits, ThatNobodyAskedForAreNamedWhereNoneCanBeHad) {
    sandbox::Request usual;
    usual.spec.resources = {.devices = {{.allow = false}}, .pids_limit = 2048};
    const Result<Fitted> fitted = fit_limits(usual, kNone);
    ASSERT_TRUE(test::succeeds(fitted));
    EXPECT_EQ(fitted->warnings,
              std::vector<std::string>{"linux.resources.pids.limit is not enforced: no cgroup is "
                                       "delegated to this user here"});
    EXPECT_EQ(fitted->request.spec.resources, oci::Resources());
    usual.spec.resources.pids_limit = 50;
    EXPECT_TRUE(fit_limits(usual, kNone).failed_as(Error::Kind::unsupported));
}

// Those of every container of ctr's.
TEST(Limits, ThatAreWhatACgroupHasByItselfAreNone) {
    sandbox::Request usual;
    usual.spec.resources = {.devices = {{.allow = false}}, .cpu = {.shares = 1024}};
    const Result<Fitted> fitted = fit_limits(usual, kNone);
    ASSERT_TRUE(test::succeeds(fitted));
    EXPECT_TRUE(fitted->warnings.empty());
    usual.cgroup.manager = CgroupManager::cgroupfs;
    EXPECT_FALSE(fit_limits(usual, kOwn)->request.spec.resources.cpu.shares);
    const CgroupHost all{.version_2 = true, .own = "/a", .own_controllers = {"cpu"}};
    EXPECT_EQ(fit_limits(usual, all)->request.spec.resources.cpu.shares, 1024U);
    usual.spec.resources.cpu.shares = 1023;
    EXPECT_TRUE(fit_limits(usual, kNone).failed_as(Error::Kind::unsupported));
}

TEST(Limits, OfDevicesAreMissedByRootAlone) {
    const CgroupHost host{.root = true};
    sandbox::Request plain;
    plain.cgroup.manager = CgroupManager::cgroupfs;
    EXPECT_TRUE(test::fails_saying(fit_limits(plain, host), "linux.resources.devices"));
    sandbox::Request privileged = plain;
    privileged.spec.resources.devices = {{.allow = false}, {.allow = true, .access = "rwm"}};
    EXPECT_TRUE(fit_limits(privileged, host)->warnings.empty());
    privileged.spec.resources.devices.push_back({.allow = false, .type = "b"});
    EXPECT_TRUE(test::fails_saying(fit_limits(privileged, host), "linux.resources.devices"));
    sandbox::Request apart = plain;
    apart.spec.namespaces.push_back({.type = "user"});
    EXPECT_TRUE(fit_limits(apart, host)->warnings.empty());
    plain.cgroup.manager = CgroupManager::disabled;
    EXPECT_EQ(
        fit_limits(plain, host)->warnings,
        std::vector<std::string>{"linux.resources.devices is not enforced: cgroups are disabled"});
    EXPECT_TRUE(fit_limits({}, kNone)->warnings.empty());
}

TEST(Limits, OfDevicesAreKeptInAHybrid) {
    const CgroupHost hybrid{.root = true, .own = ""};
    sandbox::Request plain;
    plain.cgroup.manager = CgroupManager::cgroupfs;
    plain.spec.resources.pids_limit = 2048;
    const Result<Fitted> fitted = fit_limits(plain, hybrid);
    ASSERT_TRUE(test::succeeds(fitted));
    EXPECT_EQ(fitted->warnings,
              std::vector<std::string>{"linux.resources.pids.limit is not enforced: the "
                                       "controller 'pids' is not there"});
    EXPECT_EQ(fitted->request.spec.resources, (oci::Resources{.devices = {{.allow = false}}}));
}

TEST(Limits, OfDevicesAreThereWithoutARule) {
    const std::vector<oci::DeviceRule> none = {{.allow = false}};
    EXPECT_EQ(fit_limits({}, kRoot)->request.spec.resources.devices, none);
    EXPECT_TRUE(fit_limits({}, kOwn)->request.spec.resources.devices.empty());
}

TEST(Limits, AreNotLostWhereAnotherManagerCouldKeepThem) {
    const Result<Fitted> fitted = fit_limits(request(CgroupManager::systemd), kRoot);
    EXPECT_TRUE(test::fails_saying(fitted, "no systemd is seen here"));
    EXPECT_EQ(fitted.error().hint(), "--cgroup-manager=cgroupfs does without it");
    EXPECT_TRUE(
        fit_limits(request(CgroupManager::systemd), kOwn).failed_as(Error::Kind::unsupported));
}

TEST(Limits, AreNoneWhereNothingIsLimited) {
    EXPECT_TRUE(limits_in({.devices = {{.allow = false}},
                           .memory = {.limit = -1, .swap = -1, .disable_oom_killer = false},
                           .cpu = {.quota = -1},
                           .pids_limit = 0})
                    .empty());
    EXPECT_EQ(limits_in({.block = {.read_bps = {{.major = 8, .rate = 1}}}}),
              std::vector<std::string>{"blockIO.throttleReadBpsDevice"});
}

TEST(Limits, NameACgroupThatSystemdTakes) {
    EXPECT_EQ(cgroup_name("a_b.c-1"), "sbx-oci-a_b.c-1");
    EXPECT_EQ(cgroup_name("a+b"), "sbx-oci-a\\x2bb");
}

}  // namespace
}  // namespace sbx::runtime
