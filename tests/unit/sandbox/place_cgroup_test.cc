#include <gtest/gtest.h>

#include "sandbox/places.h"
#include "support/requests.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::rootless_host;
using test::succeeds;

Host with_own_cgroup() {
    Host host = rootless_host();
    host.cgroups = {.version_2 = true,
                    .own = "/user.slice/a.scope",
                    .own_controllers = {"memory", "pids", "cpu"}};
    return host;
}

Host with_systemd() {
    Host host = rootless_host();
    host.cgroups = {.version_2 = true,
                    .systemd = os::BusPlace{.path = "/run/user/1000/bus"},
                    .systemd_controllers = {"memory", "pids"}};
    return host;
}

Host with_root() {
    Host host = test::root_host();
    host.cgroups = {.version_2 = true,
                    .root = true,
                    .own = "",
                    .own_controllers = {"memory", "pids", "cpu", "io"}};
    return host;
}

Host without() {
    Host host = rootless_host();
    host.cgroups = {.version_2 = true};
    return host;
}

Request limited(oci::Resources resources = {.pids_limit = 5}) {
    Request request;
    request.cgroup.name = "sbx-1";
    request.spec.resources = std::move(resources);
    return request;
}

std::string placed(const Request& request, const Host& host) {
    Plan plan;
    const Result<> done = place_cgroup(request, host, plan);
    return done ? explain(plan.cgroup) : "error: " + done.error().text() + "\n";
}

TEST(PlaceCgroup, MakesNoneUnasked) {
    for (const Host& host : {with_own_cgroup(), with_systemd(), with_root(), without(), Host()})
        EXPECT_EQ(placed(limited({}), host), "");
}

TEST(PlaceCgroup, TakesThePersonsOwn) {
    EXPECT_EQ(placed(limited(), with_own_cgroup()),
              "cgroup: '/user.slice/a.scope/sbx-1'\ncgroup: pids.max = 5\n");
}

TEST(PlaceCgroup, AsksSystemdWhereThereIsNoOwn) {
    EXPECT_EQ(placed(limited(), with_systemd()),
              "cgroup: 'container' of systemd's scope 'sbx-1.scope' in 'user.slice'\n"
              "cgroup: pids.max = 5\n");
}

TEST(PlaceCgroup, OfRootIsAtTheTop) {
    EXPECT_EQ(placed(limited(), with_root()), "cgroup: '/sbx/sbx-1'\ncgroup: pids.max = 5\n");
}

TEST(PlaceCgroup, RefusesLimitsThatNobodyWouldKeep) {
    Plan plan;
    const Result<> none = place_cgroup(limited(), without(), plan);
    EXPECT_TRUE(fails_saying(none, "the limit 'pids.max': limits need a cgroup, and none is"));
    EXPECT_TRUE(none.error().hint().contains("enable-linger ann"));
    const Result<> old = place_cgroup(limited(), rootless_host(), plan);
    EXPECT_TRUE(fails_saying(old, "the limit 'pids.max': limits need cgroup version 2"));
    EXPECT_TRUE(old.failed_as(Error::Kind::unsupported));
    const Result<> lacking = place_cgroup(limited({.cpu = {.quota = 5}}), with_systemd(), plan);
    EXPECT_TRUE(fails_saying(lacking, "the limit 'cpu.max': a limit needs the controller 'cpu'"));
    EXPECT_TRUE(lacking.error().hint().contains("Delegate=cpu"));
}

TEST(PlaceCgroup, IsMadeWhereItIsWantedAndPossible) {
    Request request = limited({});
    request.cgroup.wanted = true;
    EXPECT_EQ(placed(request, with_own_cgroup()), "cgroup: '/user.slice/a.scope/sbx-1'\n");
    request.cgroup.manager = CgroupManager::disabled;
    EXPECT_EQ(placed(request, with_own_cgroup()), "");
    request.spec.resources.pids_limit = 5;
    EXPECT_EQ(placed(request, with_own_cgroup()),
              "error: the limit 'pids.max': limits need a cgroup, and cgroups are disabled\n");
}

TEST(PlaceCgroup, WarnsWhereOneIsWantedInVain) {
    Request wanted = limited({});
    wanted.cgroup.wanted = true;
    Request with_path = limited({});
    with_path.spec.cgroups_path = "/pod/1";
    for (const Request& request : {wanted, with_path}) {
        Plan plan;
        ASSERT_TRUE(succeeds(place_cgroup(request, without(), plan)));
        EXPECT_FALSE(plan.cgroup.made);
        EXPECT_EQ(plan.warnings, std::vector<std::string>{"the container has no cgroup of its own: "
                                                          "none is delegated to you here"});
        Plan old;
        ASSERT_TRUE(succeeds(place_cgroup(request, rootless_host(), old)));
        ASSERT_EQ(old.warnings.size(), 1U);
        EXPECT_TRUE(old.warnings[0].contains("version 1"));
        Plan made;
        ASSERT_TRUE(succeeds(place_cgroup(request, with_own_cgroup(), made)));
        EXPECT_TRUE(made.warnings.empty());
    }
    Plan unwanted;
    wanted.cgroup.manager = CgroupManager::disabled;
    ASSERT_TRUE(succeeds(place_cgroup(wanted, without(), unwanted)));
    EXPECT_TRUE(unwanted.warnings.empty());
}

TEST(PlaceCgroup, FollowsThePathOfTheSpecification) {
    Request request = limited({});
    request.spec.cgroups_path = "/kube//pod/1";
    EXPECT_EQ(placed(request, with_root()), "cgroup: '/kube/pod/1'\n");
    EXPECT_EQ(placed(request, with_own_cgroup()), "cgroup: '/user.slice/a.scope/kube/pod/1'\n");
    request.spec.cgroups_path = "/user.slice/a.scope/x";
    EXPECT_EQ(placed(request, with_own_cgroup()), "cgroup: '/user.slice/a.scope/x'\n");
    for (const char* path : {"../x", "/a/../../x", "/a/./b", "a\nb"}) {
        request.spec.cgroups_path = path;
        EXPECT_TRUE(placed(request, with_root()).contains("is no name of a cgroup")) << path;
    }
}

TEST(PlaceCgroup, ReadsTheWordsOfSystemd) {
    Request request = limited({});
    request.spec.cgroups_path = "machine.slice:crio:1234";
    EXPECT_EQ(placed(request, with_systemd()),
              "cgroup: 'container' of systemd's scope 'crio-1234.scope' in 'machine.slice'\n");
    request.spec.cgroups_path = "::1234";
    request.spec.annotations = {{"run.oci.systemd.subgroup", "inner"},
                                {"org.systemd.property.CPUWeight", "uint64 5"}};
    Plan plan;
    ASSERT_TRUE(succeeds(place_cgroup(request, with_systemd(), plan)));
    ASSERT_TRUE(plan.cgroup.scope);
    EXPECT_EQ(plan.cgroup.scope->unit, "1234.scope");
    EXPECT_EQ(plan.cgroup.scope->slice, "user.slice");
    EXPECT_EQ(plan.cgroup.scope->below, "inner");
    EXPECT_EQ(plan.cgroup.scope->properties.size(), 1U);
}

TEST(PlaceCgroup, RefusesWordsThatAreNoneOfSystemds) {
    for (const char* path : {"a", "a:b", "a:b:c:d", "a.slice:b:", "a:b:c", "a.slice:b/c:d",
                             "a.slice:b:c d", ".slice:a:b"}) {
        Request request = limited({});
        request.spec.cgroups_path = path;
        EXPECT_TRUE(placed(request, with_systemd()).starts_with("error: ")) << path;
    }
    for (const char* below : {"..", "a/b", "sbx-callers"}) {
        Request request = limited();
        request.spec.annotations = {{"run.oci.systemd.subgroup", below}};
        EXPECT_TRUE(placed(request, with_systemd()).starts_with("error: ")) << below;
    }
}

TEST(PlaceCgroup, IsBelowTheParentThatIsAskedFor) {
    Request request = limited();
    request.cgroup.parent = "my.slice";
    EXPECT_TRUE(placed(request, with_systemd()).contains("in 'my.slice'"));
    EXPECT_TRUE(placed(request, with_own_cgroup()).contains("/a.scope/my.slice/sbx-1'"));
    EXPECT_TRUE(placed(request, with_root()).contains("'/my.slice/sbx-1'"));
    EXPECT_TRUE(placed(request, without()).starts_with("error: "));
    request.cgroup.parent = "../up";
    EXPECT_TRUE(placed(request, with_own_cgroup()).starts_with("error: "));
    EXPECT_TRUE(placed(request, with_systemd()).starts_with("error: "));
}

TEST(PlaceCgroup, FiltersDevicesForRootAlone) {
    const Request request = limited({.devices = {{.allow = false}}, .pids_limit = 5});
    EXPECT_TRUE(placed(request, with_root()).contains("a filter of devices"));
    EXPECT_FALSE(placed(request, with_own_cgroup()).contains("a filter of devices"));
}

}  // namespace
}  // namespace sbx::sandbox
