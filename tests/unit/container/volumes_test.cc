#include "container/volumes.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/id_range.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

class ContainerVolumesTest : public testing::Test {
protected:
    void make_volume(const std::string& name, bool anonymous = false) {
        ASSERT_TRUE(
            succeeds(volumes_.create({.name = name, .created = now(), .anonymous = anonymous})));
    }

    void make_container(const std::string& name, const std::vector<std::string>& volumes) {
        const store::ContainerRecord record{.id = std::string(64, name.front()),
                                            .name = name,
                                            .created = now(),
                                            .volumes = volumes};
        ASSERT_TRUE(
            succeeds(containers_.create(record, Json::object(), os::Durability::until_reboot)));
    }

    Result<> remove(const std::string& name, Force force) {
        return remove_volume(*store_, name, test::one_id(), force);
    }

    std::vector<std::string> pruned(PruneVolumes which) {
        return prune_volumes(*store_, test::one_id(), which, VolumeFilter())->names;
    }

    test::TempStore store_;
    store::Volumes volumes_ = *store::Volumes::open(*store_);
    store::Containers containers_ = *store::Containers::open(*store_);
};

TEST_F(ContainerVolumesTest, AreListedWithWhoHasThem) {
    make_volume("data");
    make_volume("free");
    make_container("a", {"data"});
    make_container("b", {"data"});
    const auto listed = list_volumes(*store_);
    ASSERT_TRUE(succeeds(listed));
    ASSERT_EQ(listed->size(), 2U);
    EXPECT_EQ(listed->at(0).users, (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(listed->at(1).users.empty());
    const Json shown = inspect_volume(listed->at(0));
    EXPECT_EQ(*shown["Name"].as_string(), "data");
    EXPECT_EQ(*shown["Mountpoint"].as_string(), store_.at("volumes/data/data"));
    EXPECT_EQ(shown["MountCount"].as_unsigned(), 2U);
}

TEST_F(ContainerVolumesTest, AreNotRemovedWhileAContainerHasThem) {
    make_volume("data");
    make_container("a", {"data"});
    make_container("b", {"data"});
    const Result<> refused = remove("data", Force::no);
    EXPECT_TRUE(fails_saying(refused, "containers 'a', 'b' have it"));
    EXPECT_EQ(refused.error().kind(), Error::Kind::busy);
    ASSERT_TRUE(succeeds(remove("data", Force::kill)));
    EXPECT_FALSE(volumes_.exists("data"));
    EXPECT_TRUE(containers_.all()->empty());
}

TEST_F(ContainerVolumesTest, ThatAreNotThereAreNamed) {
    EXPECT_TRUE(fails_saying(remove("none", Force::no), "there is no volume 'none'"));
    EXPECT_TRUE(remove("none", Force::kill).failed_as(Error::Kind::not_found));
    EXPECT_TRUE(fails_saying(remove("../images", Force::kill), "is not a name for a volume"));
}

TEST_F(ContainerVolumesTest, WithABadRecordCanBeRemoved) {
    make_volume("data");
    test::make_file(store_.at("volumes/data/record.json"), "{");
    EXPECT_TRUE(list_volumes(*store_)->empty());
    EXPECT_TRUE(succeeds(remove("data", Force::no)));
    EXPECT_FALSE(volumes_.exists("data"));
}

TEST_F(ContainerVolumesTest, ArePrunedWhereNoContainerHasThem) {
    make_volume("named");
    make_volume("used");
    make_volume("0123", true);
    make_volume("4567", true);
    make_container("a", {"used", "4567"});
    EXPECT_EQ(pruned(PruneVolumes::anonymous), std::vector<std::string>{"0123"});
    EXPECT_EQ(pruned(PruneVolumes::all), std::vector<std::string>{"named"});
    EXPECT_EQ(*volumes_.all_names(), (std::vector<std::string>{"4567", "used"}));
}

TEST_F(ContainerVolumesTest, SayHowMuchWasFreed) {
    make_volume("data");
    test::make_file(store_.at("volumes/data/data/big"), std::string(200'000, 'x'));
    const auto done = prune_volumes(*store_, test::one_id(), PruneVolumes::all, VolumeFilter());
    ASSERT_TRUE(succeeds(done));
    EXPECT_GE(done->bytes, 200'000U);
}

}  // namespace
}  // namespace sbx::container
