#include <sched.h>

#include <gtest/gtest.h>

#include "sandbox/compile.h"
#include "support/requests.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::root_host;
using test::rootless_host;
using test::shell_request;

Request specified(std::vector<oci::Namespace> namespaces) {
    Request request = shell_request();
    request.user_namespace = AsSpecified{};
    request.spec.namespaces = std::move(namespaces);
    return request;
}

TEST(PlaceNamespaces, AreTheSpecsAndNoOthersForRoot) {
    const Plan plan = compile(specified({{.type = "mount"}, {.type = "pid"}}), root_host()).value();
    EXPECT_EQ(plan.namespaces, CLONE_NEWNS | CLONE_NEWPID);
    EXPECT_TRUE(plan.ids.uids.empty());
    EXPECT_EQ(compile(specified({{.type = "mount"}, {.type = "user"}}), root_host())->namespaces,
              CLONE_NEWNS | CLONE_NEWUSER);
}

// Nothing of it could be had otherwise.
TEST(PlaceNamespaces, IncludeAUserNamespaceForWhoeverIsNotRoot) {
    const Plan plan = compile(specified({{.type = "mount"}}), rootless_host()).value();
    EXPECT_EQ(plan.namespaces, CLONE_NEWNS | CLONE_NEWUSER);
    EXPECT_EQ(plan.ids.uids.front().outside, 1000U);
}

TEST(PlaceNamespaces, AreJoinedByTheirPath) {
    const Plan plan = compile(specified({{.type = "mount"},
                                         {.type = "user", .path = "/u"},
                                         {.type = "network", .path = "/n"}}),
                              rootless_host())
                          .value();
    EXPECT_EQ(plan.namespaces, CLONE_NEWNS);
    ASSERT_EQ(plan.joined.size(), 2U);
    EXPECT_EQ(plan.joined[1].kind.flag, CLONE_NEWNET);
    EXPECT_EQ(plan.joined[1].path, "/n");
    EXPECT_TRUE(
        explain(plan).starts_with("namespaces mount\njoins user '/u'\njoins network '/n'\n"));
}

TEST(PlaceNamespaces, RefusesWhatCannotBeHad) {
    EXPECT_TRUE(fails_saying(compile(specified({{.type = "pid"}}), root_host()),
                             "a container without a mount namespace"));
    EXPECT_TRUE(fails_saying(compile(specified({{.type = "mount", .path = "/m"}}), root_host()),
                             "joining the mount namespace at '/m'"));
    EXPECT_TRUE(fails_saying(compile(specified({{.type = "coffee"}}), root_host()),
                             "'coffee' is not a kind of namespace"));
    EXPECT_TRUE(fails_saying(
        compile(specified({{.type = "mount"}, {.type = "uts"}, {.type = "uts", .path = "/u"}}),
                root_host()),
        "two namespaces of the kind 'uts'"));
}

TEST(PlaceNamespaces, RefusesAHostnameForTheHost) {
    Request request = specified({{.type = "mount"}});
    request.spec.hostname = "box";
    EXPECT_TRUE(fails_saying(compile(request, root_host()), "the hostname would be the host's"));
    request.spec.namespaces.push_back({.type = "uts", .path = "/u"});
    EXPECT_TRUE(compile(request, root_host()));
}

TEST(PlaceNamespaces, SetsTheClocksOfATimeNamespaceAlone) {
    Request request = specified({{.type = "mount"}, {.type = "time"}});
    request.spec.time_offsets = {{"boottime", {.seconds = 5, .nanoseconds = 6}}};
    const Plan plan = compile(request, root_host()).value();
    EXPECT_TRUE(explain(plan).contains("clock boottime is 5.000000006 s ahead\n"));
    request.spec.namespaces.back().path = "/t";
    EXPECT_TRUE(fails_saying(compile(request, root_host()), "a time namespace that is not made"));
    request.spec.namespaces.back().path = "";
    request.spec.time_offsets = {{"coffee", {}}};
    EXPECT_TRUE(fails_saying(compile(request, root_host()), "'coffee' is not a clock"));
}

// A machine without user namespaces still has the others for root.
TEST(PlaceNamespaces, NeedsNoUserNamespaceWhereNoneIsMade) {
    Host host = root_host();
    host.no_namespaces = "user namespaces are forbidden";
    host.own_proc = false;
    const Request request = specified({{.type = "mount"}, {.type = "pid"}});
    EXPECT_EQ(compile(request, host)->namespaces, CLONE_NEWNS | CLONE_NEWPID);
    EXPECT_TRUE(fails_saying(compile(shell_request(), host), "user namespaces are forbidden"));
}

TEST(PlaceNamespaces, FallsBackForNoSpecification) {
    Host host = rootless_host();
    host.own_proc = false;
    EXPECT_TRUE(fails_saying(compile(specified({{.type = "mount"}, {.type = "pid"}}), host),
                             "no pid namespace can be had"));
    EXPECT_EQ(compile(shell_request(), host)->warnings.size(), 1U);
}

}  // namespace
}  // namespace sbx::sandbox
