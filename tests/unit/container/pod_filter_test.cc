#include "container/pod_filter.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

Listed container(const std::string& name, State state) {
    Listed listed{.record = {.id = name + "-id", .name = name}, .status = {}};
    listed.status.state = state;
    return listed;
}

std::vector<ListedPod> pods() {
    ListedPod web{.pod = {.id = "aa11", .name = "web"}};
    web.pod.created = *parse_rfc3339("2024-01-01T00:00:00Z");
    web.pod.labels = {{"tier", "1"}, {"kind", "x"}};
    web.containers = {container("infra", State::running), container("nginx", State::running)};
    ListedPod db{.pod = {.id = "ab22", .name = "db"}};
    db.pod.created = now();
    db.containers = {container("postgres", State::exited)};
    return {web, db};
}

Strings admitted(const Strings& conditions) {
    const Result<PodFilter> filter = PodFilter::parse(conditions);
    EXPECT_TRUE(succeeds(filter));
    Strings names;
    for (const ListedPod& one : pods())
        if (filter->admits(one)) names.push_back(one.pod.name);
    return names;
}

TEST(PodFilter, WithoutConditionsAdmitsAll) { EXPECT_EQ(admitted({}), (Strings{"web", "db"})); }

TEST(PodFilter, LooksAtThePod) {
    EXPECT_EQ(admitted({"name=we"}), Strings{"web"});
    EXPECT_EQ(admitted({"name=^d", "name=^w"}), (Strings{"web", "db"}));
    EXPECT_EQ(admitted({"id=ab"}), Strings{"db"});
    EXPECT_EQ(admitted({"label=tier=1", "label=kind"}), Strings{"web"});
    EXPECT_EQ(admitted({"label!=tier"}), Strings{"db"});
    EXPECT_EQ(admitted({"until=24h"}), Strings{"web"});
    EXPECT_EQ(admitted({"status=running"}), Strings{"web"});
    EXPECT_EQ(admitted({"status=Exited"}), Strings{"db"});
}

TEST(PodFilter, LooksAtItsContainers) {
    EXPECT_EQ(admitted({"ctr-names=nginx"}), Strings{"web"});
    EXPECT_EQ(admitted({"ctr-ids=postgres"}), Strings{"db"});
    EXPECT_EQ(admitted({"ctr-status=exited"}), Strings{"db"});
    EXPECT_EQ(admitted({"ctr-number=2"}), Strings{"web"});
}

TEST(PodFilter, RefusesWhatMeansNothing) {
    EXPECT_TRUE(fails_saying(PodFilter::parse({"colour=red"}), "colour"));
    EXPECT_TRUE(fails_saying(PodFilter::parse({"name"}), "name"));
    EXPECT_TRUE(
        fails_saying(PodFilter::parse({"status=happy"}), "--filter status=happy: created,"));
    EXPECT_TRUE(fails_saying(PodFilter::parse({"ctr-number=two"}), "--filter ctr-number"));
    EXPECT_TRUE(fails_saying(PodFilter::parse({"name=a*"}), "--filter name=a*"));
}

}  // namespace
}  // namespace sbx::container
