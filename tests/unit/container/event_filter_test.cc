#include "container/event_filter.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

std::vector<store::Event> events() {
    const std::string digest = "sha256:" + std::string(64, 'c');
    return {{.type = "container",
             .action = "die",
             .id = std::string(64, 'a'),
             .attributes = {{"name", "web"}, {"image", "alpine:3"}, {"tier", "1"}, {"kind", "x"}}},
            {.type = "container",
             .action = "exec_start",
             .id = std::string(64, 'b'),
             .attributes = {{"name", "db"}, {"image", "localhost/db"}, {"tier", "2"}}},
            {.type = "image",
             .action = "delete",
             .id = digest,
             .attributes = {{"name", "docker.io/library/alpine:3"}}},
            {.type = "volume", .action = "destroy", .id = "web"}};
}

// Their numbers, from 0.
std::string admitted(const Strings& conditions) {
    const Result<EventFilter> filter = EventFilter::parse(conditions);
    EXPECT_TRUE(succeeds(filter));
    std::string numbers;
    const std::vector<store::Event> all = events();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (filter && filter->admits(all[i])) numbers += std::to_string(i);
    return numbers;
}

TEST(EventFilter, AdmitsAllWithoutConditions) { EXPECT_EQ(admitted({}), "0123"); }

TEST(EventFilter, FindsContainersByNameAndId) {
    EXPECT_EQ(admitted({"container=web"}), "0") << "a volume of that name is none";
    EXPECT_EQ(admitted({"container=bbb"}), "1");
    EXPECT_EQ(admitted({"container=we"}), "") << "a part of a name is no name";
}

TEST(EventFilter, FindsWhatHappensToAnImageAndToItsContainers) {
    EXPECT_EQ(admitted({"image=alpine:3"}), "02");
    EXPECT_EQ(admitted({"image=ccc"}), "2");
    EXPECT_EQ(admitted({"image=sha256:ccc"}), "2");
    EXPECT_EQ(admitted({"image=alpine"}), "");
}

TEST(EventFilter, FindsVolumesTypesAndLabels) {
    EXPECT_EQ(admitted({"volume=web"}), "3");
    EXPECT_EQ(admitted({"type=container"}), "01");
    EXPECT_EQ(admitted({"label=tier"}), "01");
    EXPECT_EQ(admitted({"label=tier=2"}), "1");
}

TEST(EventFilter, UnderstandsDockersAndPodmansWords) {
    EXPECT_EQ(admitted({"event=die"}), "0");
    EXPECT_EQ(admitted({"event=died"}), "0");
    EXPECT_EQ(admitted({"event=exec"}), "1");
    EXPECT_EQ(admitted({"event=remove"}), "23");
    EXPECT_EQ(admitted({"event=destroy"}), "3");
    const store::Event event{.type = "container", .action = "health_status: healthy", .id = "0"};
    EXPECT_TRUE(EventFilter::parse({"event=health_status"})->admits(event));
    EXPECT_FALSE(EventFilter::parse({"event=healthy"})->admits(event));
}

TEST(EventFilter, WantsOneValueOfAKeyAndAllLabels) {
    EXPECT_EQ(admitted({"container=web", "container=db"}), "01");
    EXPECT_EQ(admitted({"container=web", "event=exec"}), "");
    EXPECT_EQ(admitted({"label=tier", "label=kind=x"}), "0");
}

TEST(EventFilter, RefusesWhatMeansNothing) {
    EXPECT_TRUE(EventFilter::parse({"network=app", "type=network"})
                    ->admits({.type = "network",
                              .action = "create",
                              .id = "aa",
                              .attributes = {{"name", "app"}}}));
    EXPECT_FALSE(EventFilter::parse({"network=app"})
                     ->admits({.type = "volume", .action = "create", .id = "app"}));
    EXPECT_TRUE(fails_saying(EventFilter::parse({"colour=red"}), "unknown key"));
    EXPECT_TRUE(fails_saying(EventFilter::parse({"type=bogus"}), "--filter type=bogus: container"));
    EXPECT_TRUE(fails_saying(EventFilter::parse({"event"}), "KEY=VALUE belongs there"));
    EXPECT_TRUE(fails_saying(EventFilter::parse({"event="}), "KEY=VALUE belongs there"));
    EXPECT_TRUE(EventFilter::parse({"=x"}).failed_as(Error::Kind::usage));
}

}  // namespace
}  // namespace sbx::container
