#include "store/networks.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::store {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

class NetworksTest : public testing::Test {
protected:
    static Network network(const std::string& name, char digit = 'a') {
        return {.id = std::string(64, digit),
                .name = name,
                .created = *parse_rfc3339("2024-05-06T07:08:09Z"),
                .subnets = {{.subnet = "10.89.0.0/24",
                             .gateway = "10.89.0.1",
                             .range = "10.89.0.128/25"},
                            {.subnet = "fd00::/64", .gateway = "fd00::1"}},
                .internal = true,
                .dns = false,
                .servers = {"1.1.1.1"},
                .labels = {{"a", "b"}},
                .options = {{"mtu", "1500"}}};
    }

    test::TempStore store_;
    Networks networks_ = *Networks::open(*store_);
};

TEST_F(NetworksTest, AreKeptAsTheyAre) {
    ASSERT_TRUE(succeeds(networks_.create(network("app"))));
    const Network found = *networks_.find("app");
    EXPECT_EQ(found.id, std::string(64, 'a'));
    EXPECT_EQ(found.name, "app");
    EXPECT_EQ(rfc3339(found.created), "2024-05-06T07:08:09Z");
    ASSERT_EQ(found.subnets.size(), 2U);
    EXPECT_EQ(found.subnets[0].range, "10.89.0.128/25");
    EXPECT_EQ(found.subnets[1].gateway, "fd00::1");
    EXPECT_TRUE(found.internal);
    EXPECT_FALSE(found.dns);
    EXPECT_EQ(found.servers, Strings{"1.1.1.1"});
    EXPECT_EQ(found.labels.at("a"), "b");
    EXPECT_EQ(found.options.at("mtu"), "1500");
}

TEST_F(NetworksTest, AreFoundByNameAndId) {
    ASSERT_TRUE(succeeds(networks_.create(network("app", 'a'))));
    ASSERT_TRUE(succeeds(networks_.create(network("other", 'b'))));
    EXPECT_EQ(networks_.find("bb")->name, "other");
    ASSERT_TRUE(succeeds(networks_.create(network("third", 'b'))));
    EXPECT_TRUE(fails_saying(networks_.find("bb"), "more than one network's id"));
    for (const char* text : {"", "none", "../app", "c"})
        EXPECT_TRUE(networks_.find(text).failed_as(Error::Kind::not_found)) << text;
    EXPECT_EQ(*networks_.all_names(), (Strings{"app", "other", "third"}));
    EXPECT_EQ(networks_.all()->size(), 3U);
}

TEST_F(NetworksTest, HaveNamesOfTheirOwn) {
    ASSERT_TRUE(succeeds(networks_.create(network("app"))));
    EXPECT_TRUE(networks_.create(network("app")).failed_as(Error::Kind::exists));
    for (const char* name : {"", "a/b", ".app", "-app"})
        EXPECT_FALSE(networks_.create(network(name))) << name;
}

TEST_F(NetworksTest, GoWithWhatTheyHave) {
    ASSERT_TRUE(succeeds(networks_.create(network("app"))));
    ASSERT_TRUE(succeeds(networks_.runtime_folder(network("app"))));
    const std::string folder = store_->places().runtime + "/networks";
    EXPECT_EQ(test::names_in_folder(folder), Strings{std::string(64, 'a')});
    ASSERT_TRUE(succeeds(networks_.remove("app")));
    EXPECT_FALSE(networks_.has("app"));
    EXPECT_TRUE(test::names_in_folder(folder).empty());
    EXPECT_TRUE(succeeds(networks_.remove("app")));
}

TEST_F(NetworksTest, ThatAreDamagedAreThereNevertheless) {
    for (const char* text : {"", "{", R"({"id": "a", "created": "2024-05-06T07:08:09Z"})"}) {
        test::make_file(store_.at("networks/bad"), text);
        EXPECT_TRUE(fails_saying(networks_.find("bad"), "'networks/bad'")) << text;
        EXPECT_TRUE(networks_.has("bad"));
        EXPECT_TRUE(networks_.all()->empty());
        EXPECT_TRUE(succeeds(networks_.remove("bad")));
    }
}

TEST_F(NetworksTest, KnowTheContainersThatAreOnThem) {
    const Containers containers = *Containers::open(*store_);
    ContainerRecord record{.id = std::string(64, '1'), .name = "box", .networks = {"app"}};
    ASSERT_TRUE(succeeds(containers.create(record, Json::object(), os::Durability::until_reboot)));
    EXPECT_EQ(networks_.users_of("app")->size(), 1U);
    EXPECT_TRUE(networks_.users_of("other")->empty());
    ASSERT_TRUE(succeeds(containers.set_networks(record.id, {"other"})));
    record.exit_code = 3;
    ASSERT_TRUE(succeeds(containers.write(record, os::Durability::until_reboot)));
    EXPECT_TRUE(networks_.users_of("app")->empty()) << "what is written with it is older";
    EXPECT_EQ(networks_.users_of("other")->front().exit_code, 3);
    test::make_file(store_.at("containers/" + record.id + "/record.json"), "{");
    EXPECT_TRUE(fails_saying(networks_.users_of("app"), "container '111111111111' may have it"));
}

}  // namespace
}  // namespace sbx::store
