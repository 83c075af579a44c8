#include "container/network_filter.h"

#include <gtest/gtest.h>

#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

std::vector<ListedNetwork> networks() {
    std::vector<ListedNetwork> all(2);
    all[0].network = {.id = "aa11",
                      .name = "app",
                      .created = *parse_rfc3339("2024-01-01T00:00:00Z"),
                      .labels = {{"kind", "web"}}};
    all[0].users.push_back({.id = "1", .name = "box"});
    all[1].network = {
        .id = "bb22", .name = "back", .created = *parse_rfc3339("2024-06-01T00:00:00Z")};
    return all;
}

Strings admitted(const Strings& conditions) {
    const Result<NetworkFilter> filter =
        NetworkFilter::parse(conditions, *parse_rfc3339("2024-06-02T00:00:00Z"));
    EXPECT_TRUE(succeeds(filter));
    Strings names;
    for (const ListedNetwork& one : networks())
        if (filter && filter->admits(one)) names.push_back(one.network.name);
    return names;
}

TEST(NetworkFilter, IsByWhatANetworkIs) {
    EXPECT_EQ(admitted({}), (Strings{"app", "back"}));
    EXPECT_EQ(admitted({"name=pp"}), Strings{"app"});
    EXPECT_EQ(admitted({"name=^back$"}), Strings{"back"});
    EXPECT_EQ(admitted({"id=bb"}), Strings{"back"});
    EXPECT_EQ(admitted({"driver=bridge"}).size(), 2U);
    EXPECT_TRUE(admitted({"driver=macvlan"}).empty());
    EXPECT_EQ(admitted({"label=kind=web"}), Strings{"app"});
    EXPECT_EQ(admitted({"label!=kind"}), Strings{"back"});
    EXPECT_EQ(admitted({"dangling=true"}), Strings{"back"});
    EXPECT_EQ(admitted({"dangling=false"}), Strings{"app"});
    EXPECT_EQ(admitted({"until=240h"}), Strings{"app"});
    EXPECT_EQ(admitted({"name=app", "name=back"}).size(), 2U);
}

TEST(NetworkFilter, ThatMeansNothingIsRefused) {
    for (const auto& [text, words] : {std::pair("name", "name"),
                                      {"size=3", "size"},
                                      {"dangling=maybe", "dangling"},
                                      {"until=soon", "until"},
                                      {"name=a.*", "a part of a name"}})
        EXPECT_TRUE(fails_saying(NetworkFilter::parse({text}, Instant()), words)) << text;
}

TEST(PruneNetworks, RemovesThoseThatNoContainerIsOn) {
    const test::TempStore store;
    ASSERT_TRUE(succeeds(create_network(*store, {.name = "app"})));
    ASSERT_TRUE(succeeds(create_network(*store, {.name = "kept", .labels = {{"keep", ""}}})));
    ASSERT_TRUE(succeeds(create_network(*store, {.name = "used"})));
    const store::Containers containers = *store::Containers::open(*store);
    ASSERT_TRUE(succeeds(
        containers.create({.id = std::string(64, '1'), .name = "box", .networks = {"used"}},
                          Json::object(), os::Durability::until_reboot)));
    const Result<NetworkFilter> filter = NetworkFilter::parse({"label!=keep"}, now());
    ASSERT_TRUE(succeeds(filter));
    EXPECT_EQ(*prune_networks(*store, *filter), Strings{"app"});
    EXPECT_EQ(*store::Networks::open(*store)->all_names(), (Strings{"kept", "used"}));
}

}  // namespace
}  // namespace sbx::container
