#include "container/filter.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

std::vector<Listed> containers() {
    return {
        {.record = {.id = "aa11",
                    .name = "web",
                    .image_id = "sha256:1234",
                    .image_name = "busybox:1.36",
                    .labels = {{"kind", "test"}, {"tier", "front"}}},
         .status = {.state = State::running}},
        {.record = {.id = "ab22",
                    .name = "web-old",
                    .image_id = "sha256:1299",
                    .image_name = "docker.io/library/busybox",
                    .labels = {{"kind", "other"}}},
         .status = {.state = State::exited, .exit_code = 3}},
        {.record = {.id = "bb33", .name = "fresh", .image_id = "", .image_name = "/srv/root"},
         .status = {.state = State::created}},
    };
}

// Names of those that all the conditions hold for.
Strings admitted(const Strings& conditions) {
    const Result<Filter> filter = Filter::parse(conditions);
    EXPECT_TRUE(succeeds(filter));
    Strings names;
    for (const Listed& one : containers())
        if (filter->admits(one)) names.push_back(one.record.name);
    return names;
}

TEST(ContainerFilter, WithoutConditionsAdmitsAll) {
    EXPECT_EQ(admitted({}), (Strings{"web", "web-old", "fresh"}));
}

TEST(ContainerFilter, LooksForAPartOfTheName) {
    EXPECT_EQ(admitted({"name=web"}), (Strings{"web", "web-old"}));
    EXPECT_EQ(admitted({"name=^web$"}), Strings{"web"});
    EXPECT_EQ(admitted({"name=^/web$"}), Strings{"web"});
    EXPECT_EQ(admitted({"name=^fr"}), Strings{"fresh"});
    EXPECT_EQ(admitted({"name=old$"}), Strings{"web-old"});
}

TEST(ContainerFilter, TakesTheBeginningOfAnId) {
    EXPECT_EQ(admitted({"id=a"}), (Strings{"web", "web-old"}));
    EXPECT_EQ(admitted({"id=a1"}), Strings{});
}

TEST(ContainerFilter, KnowsWhatContainersDo) {
    EXPECT_EQ(admitted({"status=running"}), Strings{"web"});
    EXPECT_EQ(admitted({"status=created", "status=exited"}), (Strings{"web-old", "fresh"}));
    EXPECT_EQ(admitted({"exited=3"}), Strings{"web-old"});
    EXPECT_EQ(admitted({"exited=0"}), Strings{}) << "one that runs has not ended with 0";
    EXPECT_TRUE(Filter::parse({"exited=0"})->asks_for_state());
    EXPECT_FALSE(Filter::parse({"name=x"})->asks_for_state());
}

TEST(ContainerFilter, TakesThoseThatStandStillForPausedAlone) {
    const Listed paused{.record = {.id = "1", .name = "box"},
                        .status = {.state = State::running, .paused = true}};
    EXPECT_TRUE(Filter::parse({"status=paused"})->admits(paused));
    EXPECT_FALSE(Filter::parse({"status=running"})->admits(paused));
    EXPECT_EQ(admitted({"status=paused"}), Strings{});
}

TEST(ContainerFilter, KnowsHowTheyAre) {
    const Listed bad{
        .record = {.id = "1", .name = "box"},
        .status = {.state = State::running, .health = Health{.status = HealthStatus::unhealthy}}};
    EXPECT_TRUE(Filter::parse({"health=unhealthy"})->admits(bad));
    EXPECT_FALSE(Filter::parse({"health=healthy"})->admits(bad));
    EXPECT_FALSE(Filter::parse({"health=none"})->admits(bad));
    EXPECT_EQ(admitted({"health=none", "health=healthy"}), (Strings{"web", "web-old", "fresh"}));
    EXPECT_FALSE(Filter::parse({"health=none"})->asks_for_state());
    EXPECT_TRUE(fails_saying(Filter::parse({"health=fine"}), "--filter health: 'fine' is not"));
}

TEST(ContainerFilter, ComparesAges) {
    EXPECT_EQ(admitted({"until=24h"}), (Strings{"web", "web-old", "fresh"})) << "of 1970";
    EXPECT_EQ(admitted({"until=1969-12-31T00:00:00Z"}), Strings{});
    EXPECT_TRUE(fails_saying(Filter::parse({"until=soon"}), "--filter until=soon"));
}

TEST(ContainerFilter, WantsAllLabels) {
    EXPECT_EQ(admitted({"label=kind"}), (Strings{"web", "web-old"}));
    EXPECT_EQ(admitted({"label=kind=test"}), Strings{"web"});
    EXPECT_EQ(admitted({"label=kind", "label=tier=back"}), Strings{});
    EXPECT_EQ(admitted({"label!=tier"}), (Strings{"web-old", "fresh"}));
    EXPECT_EQ(admitted({"label!=kind=test"}), (Strings{"web-old", "fresh"}));
}

TEST(ContainerFilter, KnowsTheImageByNameAndId) {
    EXPECT_EQ(admitted({"ancestor=busybox"}), (Strings{"web", "web-old"}));
    EXPECT_EQ(admitted({"ancestor=busybox:latest"}), Strings{"web-old"});
    EXPECT_EQ(admitted({"ancestor=docker.io/library/busybox:1.36"}), Strings{"web"});
    EXPECT_EQ(admitted({"ancestor=12"}), (Strings{"web", "web-old"}));
    EXPECT_EQ(admitted({"ancestor=sha256:129"}), Strings{"web-old"});
    EXPECT_EQ(admitted({"ancestor=alpine"}), Strings{});
}

TEST(ContainerFilter, KnowsVolumesByNameAndPlace) {
    const Listed one{.record = {.id = "a",
                                .name = "web",
                                .volumes = {"data"},
                                .mount_points = {"/srv", "/etc/app"}},
                     .status = {}};
    for (const char* text : {"volume=data", "volume=/srv", "volume=/etc/app"})
        EXPECT_TRUE(Filter::parse({text})->admits(one)) << text;
    for (const char* text : {"volume=dat", "volume=/etc", "volume=srv"})
        EXPECT_FALSE(Filter::parse({text})->admits(one)) << text;
}

TEST(ContainerFilter, AsksForWhatItIsNotTold) {
    using Ports = std::vector<network::ContainerPort>;
    using network::Protocol::tcp;
    const Instant noon = *parse_rfc3339("2026-11-28T12:00:00Z");
    const FilterFacts facts{
        .find = [&](const std::string& name) -> Result<store::ContainerRecord> {
            if (name != "mid") return Error(Error::Kind::not_found, "there is no '{}'", name);
            return store::ContainerRecord{.id = "", .name = name, .created = noon};
        },
        .network_of = [](const store::ContainerRecord& record) { return record.name; },
        .published = [](const auto&) -> Ports { return {{80, tcp}, {8080, tcp}}; },
        .exposed = [](const auto&) -> Ports { return {{53, network::Protocol::udp}}; }};
    const Listed early{
        .record = {.id = "", .name = "none", .created = noon - std::chrono::hours(1)},
        .status = {}};
    EXPECT_TRUE(Filter::parse({"before=mid", "network=none"}, facts)->admits(early));
    EXPECT_FALSE(Filter::parse({"since=mid"}, facts)->admits(early));
    EXPECT_FALSE(Filter::parse({"network=host"}, facts)->admits(early));
    for (const char* text : {"publish=80", "publish=8000-8080", "expose=50-60/udp"})
        EXPECT_TRUE(Filter::parse({text}, facts)->admits(early)) << text;
    for (const char* text : {"publish=80/udp", "publish=81", "expose=53"})
        EXPECT_FALSE(Filter::parse({text}, facts)->admits(early)) << text;
    EXPECT_TRUE(fails_saying(Filter::parse({"expose=x"}, facts), "--filter expose"));
    EXPECT_TRUE(fails_saying(Filter::parse({"publish=80"}), "unknown key"));
    EXPECT_TRUE(fails_saying(Filter::parse({"since=other"}, facts),
                             "--filter since=other: there is no 'other'"));
    EXPECT_TRUE(fails_saying(Filter::parse({"since=mid"}), "unknown key"));
}

TEST(ContainerFilter, HasToHoldWhole) {
    EXPECT_EQ(admitted({"name=web", "status=exited"}), Strings{"web-old"});
}

TEST(ContainerFilter, SaysWhatItDoesNotKnow) {
    const auto parsed = [](const char* text) { return Filter::parse({text}); };
    EXPECT_TRUE(fails_saying(parsed("name"), "--filter name: KEY=VALUE belongs there"));
    EXPECT_TRUE(fails_saying(parsed("name="), "KEY=VALUE belongs there"));
    EXPECT_TRUE(fails_saying(parsed("name=web.*"), "a part of a name belongs there"));
    EXPECT_TRUE(fails_saying(parsed("=x"), "KEY=VALUE belongs there"));
    EXPECT_TRUE(fails_saying(parsed("colour=red"), "--filter colour=red: unknown key"));
    EXPECT_TRUE(
        fails_saying(parsed("status=up"),
                     "--filter status=up: created, initialized, running, paused, restarting"));
    EXPECT_TRUE(fails_saying(parsed("exited=256"), "--filter exited: '256'"));
}

}  // namespace
}  // namespace sbx::container
