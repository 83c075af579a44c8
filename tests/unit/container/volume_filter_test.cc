#include "container/volume_filter.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

std::vector<ListedVolume> volumes() {
    return {{.volume = {.name = "cache",
                        .created = *parse_rfc3339("2024-01-01T00:00:00Z"),
                        .labels = {{"kind", "cache"}, {"tier", "1"}}}},
            {.volume = {.name = "cache-old",
                        .created = *parse_rfc3339("2023-01-01T00:00:00Z"),
                        .labels = {{"kind", "other"}}},
             .users = {"box"}},
            {.volume = {.name = "0123",
                        .created = *parse_rfc3339("2024-06-01T00:00:00Z"),
                        .anonymous = true}}};
}

VolumeFilter::Facts facts() {
    return {.now = *parse_rfc3339("2024-06-02T00:00:00Z"),
            .find = [](const std::string& name) -> Result<store::Volume> {
                for (const ListedVolume& one : volumes())
                    if (one.volume.name == name) return one.volume;
                return Error(Error::Kind::not_found, "there is no volume '{}'", name);
            }};
}

Strings admitted(const Strings& conditions) {
    const Result<VolumeFilter> filter = VolumeFilter::parse(conditions, facts());
    EXPECT_TRUE(succeeds(filter));
    Strings names;
    for (const ListedVolume& one : volumes())
        if (filter->admits(one)) names.push_back(one.volume.name);
    return names;
}

TEST(VolumeFilter, WithoutConditionsAdmitsAll) {
    EXPECT_EQ(admitted({}), (Strings{"cache", "cache-old", "0123"}));
}

TEST(VolumeFilter, LooksForNamesAndDrivers) {
    EXPECT_EQ(admitted({"name=cache"}), (Strings{"cache", "cache-old"}));
    EXPECT_EQ(admitted({"name=^cache$"}), Strings{"cache"});
    EXPECT_EQ(admitted({"name=^cache$", "name=01"}), (Strings{"cache", "0123"}));
    EXPECT_EQ(admitted({"driver=local", "scope=local", "name=old"}), Strings{"cache-old"});
    EXPECT_EQ(admitted({"driver=nfs"}), Strings{});
}

TEST(VolumeFilter, WantsAllLabels) {
    EXPECT_EQ(admitted({"label=kind"}), (Strings{"cache", "cache-old"}));
    EXPECT_EQ(admitted({"label=kind=cache", "label=tier=1"}), Strings{"cache"});
    EXPECT_EQ(admitted({"label=kind=cache", "label=tier=2"}), Strings{});
    EXPECT_EQ(admitted({"label!=kind=cache"}), (Strings{"cache-old", "0123"}));
    EXPECT_EQ(admitted({"label!=kind"}), Strings{"0123"});
}

TEST(VolumeFilter, KnowsWhoHasThem) {
    EXPECT_EQ(admitted({"dangling=true"}), (Strings{"cache", "0123"}));
    EXPECT_EQ(admitted({"dangling=false"}), Strings{"cache-old"});
    EXPECT_EQ(admitted({"anonymous=1"}), Strings{"0123"});
    EXPECT_EQ(admitted({"anonymous=0"}), (Strings{"cache", "cache-old"}));
}

TEST(VolumeFilter, ComparesAges) {
    EXPECT_EQ(admitted({"until=2023-06-01"}), Strings{"cache-old"});
    EXPECT_EQ(admitted({"until=48h"}), (Strings{"cache", "cache-old"}));
    EXPECT_EQ(admitted({"since=cache"}), Strings{"0123"});
    EXPECT_EQ(admitted({"after=cache-old"}), (Strings{"cache", "0123"}));
}

TEST(VolumeFilter, RefusesWhatMeansNothing) {
    const auto refused = [](const std::string& text) {
        return VolumeFilter::parse({text}, facts());
    };
    EXPECT_TRUE(fails_saying(refused("colour=red"), "--filter colour=red: unknown key"));
    EXPECT_TRUE(fails_saying(refused("name"), "KEY=VALUE belongs there"));
    EXPECT_TRUE(fails_saying(refused("label="), "KEY=VALUE belongs there"));
    EXPECT_TRUE(fails_saying(refused("name=a*"), "a part of a name belongs there"));
    EXPECT_TRUE(fails_saying(refused("dangling=maybe"), "true or false belongs there"));
    EXPECT_TRUE(fails_saying(refused("until=soon"), "neither a time nor an age"));
    EXPECT_TRUE(fails_saying(refused("since=none"), "there is no volume 'none'"));
}

}  // namespace
}  // namespace sbx::container
