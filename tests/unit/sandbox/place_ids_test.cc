#include <sched.h>

#include <gtest/gtest.h>

#include "sandbox/places.h"
#include "support/requests.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::root_host;
using test::rootless_host;
using test::single_id_host;
using test::succeeds;

std::string ids_of(const Request& request, const Host& host) {
    Plan plan{.namespaces = CLONE_NEWUSER};
    const Result<> placed = place_ids(request, host, plan);
    if (!placed) return placed.error().text();
    std::string text = plan.ids.explain();
    for (const std::string& warning : plan.warnings)
        text += warning + "\n";
    return text;
}

Request keeping(std::uint32_t uid, std::uint32_t gid) {
    return {.user_namespace = KeepId{.uid = uid, .gid = gid}};
}

TEST(PlaceIds, MakesThePersonRootAndTheRangeTheRest) {
    EXPECT_EQ(ids_of({}, rootless_host()),
              "uid 0 is 1000 outside\n"
              "uid 1 to 65536 are 100000 to 165535 outside\n"
              "gid 0 is 1000 outside\n"
              "gid 1 to 65536 are 200000 to 265535 outside\n");
}

TEST(PlaceIds, LaysRangesOneBehindTheOther) {
    Host host = rootless_host();
    host.subuids = {{.start = 100000, .count = 10}, {.start = 300000, .count = 5}};
    host.subgids = host.subuids;
    EXPECT_EQ(ids_of({}, host),
              "uid 0 is 1000 outside\n"
              "uid 1 to 10 are 100000 to 100009 outside\n"
              "uid 11 to 15 are 300000 to 300004 outside\n"
              "gid 0 is 1000 outside\n"
              "gid 1 to 10 are 100000 to 100009 outside\n"
              "gid 11 to 15 are 300000 to 300004 outside\n");
}

TEST(PlaceIds, SaysWhyThereIsOneUserAlone) {
    EXPECT_EQ(ids_of({}, single_id_host()),
              "uid 0 is 1000 outside\n"
              "gid 0 is 100 outside\n"
              "only one user exists in the container: you have no range in /etc/subuid and "
              "/etc/subgid\n");
    Host host = rootless_host();
    host.no_id_range = "newuidmap is not installed";
    EXPECT_EQ(ids_of({}, host),
              "uid 0 is 1000 outside\n"
              "gid 0 is 1000 outside\n"
              "only one user exists in the container: newuidmap is not installed\n");
}

TEST(PlaceIds, NeedsARangeOfBothKinds) {
    Host host = rootless_host();
    host.subgids.clear();
    EXPECT_FALSE(has_id_range(host));
    EXPECT_TRUE(ids_of({}, host).starts_with("uid 0 is 1000 outside\ngid 0 is 1000 outside\nonly"));
}

TEST(PlaceIds, LeavesRootTheIdsThatItHas) {
    EXPECT_EQ(ids_of({}, root_host()),
              "uid 0 to 4294967294 are 0 to 4294967294 outside\n"
              "gid 0 to 4294967294 are 0 to 4294967294 outside\n");
}

// Root of a namespace in which some ids exist, mapped to others further out: those have no say.
TEST(PlaceIds, GivesRootOfANamespaceWhatExistsThere) {
    const Host nested{.privileged = true,
                      .uids_here = {{.inside = 0, .outside = 1000},
                                    {.inside = 1, .outside = 100000, .count = 65536}},
                      .gids_here = {{.inside = 0, .outside = 1000}}};
    EXPECT_EQ(ids_of({}, nested),
              "uid 0 is 0 outside\n"
              "uid 1 to 65536 are 1 to 65536 outside\n"
              "gid 0 is 0 outside\n");
}

TEST(KeepId, PutsThePersonAmongTheOthers) {
    EXPECT_EQ(ids_of(keeping(1000, 100), rootless_host()),
              "uid 0 to 999 are 100000 to 100999 outside\n"
              "uid 1000 is 1000 outside\n"
              "uid 1001 to 65536 are 101000 to 165535 outside\n"
              "gid 0 to 99 are 200000 to 200099 outside\n"
              "gid 100 is 1000 outside\n"
              "gid 101 to 65536 are 200100 to 265535 outside\n");
}

TEST(KeepId, OfRootIsTheUsualMapping) {
    EXPECT_EQ(ids_of(keeping(0, 0), rootless_host()), ids_of({}, rootless_host()));
}

TEST(KeepId, SplitsRangesWhereTheyEnd) {
    Host host = rootless_host();
    host.subuids = {{.start = 100000, .count = 5}, {.start = 300000, .count = 5}};
    host.subgids = {{.start = 100000, .count = 10}};
    EXPECT_EQ(ids_of(keeping(7, 10), host),
              "uid 0 to 4 are 100000 to 100004 outside\n"
              "uid 5 to 6 are 300000 to 300001 outside\n"
              "uid 7 is 1000 outside\n"
              "uid 8 to 10 are 300002 to 300004 outside\n"
              "gid 0 to 9 are 100000 to 100009 outside\n"
              "gid 10 is 1000 outside\n");
}

TEST(KeepId, RefusesAnIdBeyondTheRange) {
    Plan plan{.namespaces = CLONE_NEWUSER};
    const Result<> placed = place_ids(keeping(65537, 0), rootless_host(), plan);
    ASSERT_TRUE(
        fails_saying(placed, "user 65537, group 0 lie beyond the 65536 ids granted to you"));
    EXPECT_EQ(placed.error().hint(), "a larger range goes into /etc/subuid and /etc/subgid");
    EXPECT_TRUE(fails_saying(place_ids(keeping(0, 65537), rootless_host(), plan), "group 65537"));
    EXPECT_TRUE(place_ids(keeping(65536, 65536), rootless_host(), plan));
}

TEST(KeepId, IsNothingForRoot) {
    EXPECT_EQ(ids_of(keeping(0, 0), root_host()), "--userns keep-id is for users other than root");
}

TEST(KeepId, WithoutARangeIsThePersonAlone) {
    EXPECT_TRUE(ids_of(keeping(1000, 100), single_id_host())
                    .starts_with("uid 1000 is 1000 outside\ngid 100 is 100 outside\nonly one"));
}

Request specified(std::vector<oci::IdMapping> uids, std::vector<oci::IdMapping> gids) {
    Request request = test::shell_request();
    request.user_namespace = AsSpecified{};
    request.spec.uid_mappings = std::move(uids);
    request.spec.gid_mappings = std::move(gids);
    return request;
}

TEST(SpecifiedIds, AreThoseOfTheSpec) {
    const Request request = specified(
        {{.container_id = 0, .host_id = 1000}, {.container_id = 1, .host_id = 100000, .size = 10}},
        {{.container_id = 0, .host_id = 1000}});
    Plan plan{.namespaces = CLONE_NEWUSER};
    ASSERT_TRUE(place_ids(request, rootless_host(), plan));
    EXPECT_EQ(plan.ids.explain(),
              "uid 0 is 1000 outside\nuid 1 to 10 are 100000 to 100009 outside\n"
              "gid 0 is 1000 outside\n");
    EXPECT_EQ(plan.ids.writer, os::IdMap::Writer::helpers);
    ASSERT_TRUE(place_ids(request, root_host(), plan));
    EXPECT_EQ(plan.ids.writer, os::IdMap::Writer::privileged);
}

TEST(SpecifiedIds, NeedNoHelperForOnesOwn) {
    Plan plan{.namespaces = CLONE_NEWUSER};
    ASSERT_TRUE(place_ids(
        specified({{.container_id = 7, .host_id = 1000}}, {{.container_id = 7, .host_id = 1000}}),
        rootless_host(), plan));
    EXPECT_EQ(plan.ids.writer, os::IdMap::Writer::self);
}

TEST(SpecifiedIds, AreTheUsualOnesWhereTheSpecHasNone) {
    EXPECT_EQ(ids_of(specified({}, {}), rootless_host()), ids_of({}, rootless_host()));
}

TEST(SpecifiedIds, AreRefusedInHalvesAndForNoNamespace) {
    Plan plan{.namespaces = CLONE_NEWUSER};
    EXPECT_TRUE(fails_saying(place_ids(specified({{}}, {}), root_host(), plan),
                             "user ids are mapped and group ids are not"));
    EXPECT_TRUE(fails_saying(place_ids(specified({}, {{}}), root_host(), plan),
                             "group ids are mapped and user ids are not"));
    plan.namespaces = 0;
    EXPECT_TRUE(fails_saying(place_ids(specified({{}}, {{}}), root_host(), plan),
                             "a user namespace that is not made"));
}

TEST(SpecifiedIds, AreRefusedWhereTheKernelWouldWithoutAReason) {
    struct Case {
        std::vector<oci::IdMapping> uids;
        const char* words;
    };
    const Case cases[] = {
        {{{0, 1000, 0}}, "linux.uidMappings[0] maps no id"},
        {{{0, 1000, 1}, {5, 9, UINT32_MAX}}, "linux.uidMappings[1] goes beyond the last id"},
        {{{0, UINT32_MAX - 1, 2}}, "linux.uidMappings[0] goes beyond the last id"},
        {{{0, 1000, 10}, {20, 2000, 1}, {9, 3000, 1}},
         "linux.uidMappings[2] maps ids of the container that another one maps"},
        {{{0, 1000, 10}, {10, 1009, 5}},
         "linux.uidMappings[1] maps ids of the host that another one maps"}};
    for (const Case& one : cases) {
        Plan plan{.namespaces = CLONE_NEWUSER};
        EXPECT_TRUE(
            fails_saying(place_ids(specified(one.uids, {{}}), root_host(), plan), one.words));
    }
    Plan plan{.namespaces = CLONE_NEWUSER};
    EXPECT_TRUE(fails_saying(place_ids(specified({{}}, {{0, 0, 0}}), root_host(), plan),
                             "linux.gidMappings[0] maps no id"));
    EXPECT_TRUE(place_ids(specified({{0, 0, UINT32_MAX}}, {{}}), root_host(), plan));
    EXPECT_TRUE(place_ids(specified({{0, 0, 1000}, {1000, 1000, 1}}, {{}}), root_host(), plan));
}

// A container of sbx's that joins the user namespace of another was asked for the same ids.
TEST(PlaceIds, KnowsThoseOfAnotherContainer) {
    Plan plan;
    plan.joined = {{.kind = {.flag = CLONE_NEWUSER, .name = "user", .file = "user"}, .path = "/p"}};
    ASSERT_TRUE(succeeds(place_ids(keeping(1000, 100), rootless_host(), plan)));
    EXPECT_TRUE(plan.ids.explain().contains("uid 1000 is 1000 outside\n"));
    EXPECT_EQ(plan.ids.writer, os::IdMap::Writer::helpers);
}

// podman writes one for a namespace that is joined, because runc wants to see any.
TEST(SpecifiedIds, OfANamespaceThatIsJoinedAreItsOwn) {
    Plan plan;
    plan.joined = {{.kind = {.flag = CLONE_NEWUSER, .name = "user", .file = "user"}, .path = "/p"}};
    EXPECT_TRUE(test::succeeds(place_ids(specified({{}}, {{}}), root_host(), plan)));
    EXPECT_TRUE(plan.ids.uids.empty());
}

}  // namespace
}  // namespace sbx::sandbox
