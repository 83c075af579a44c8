#include "store/pods.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::store {
namespace {

using test::fails_saying;
using test::succeeds;

class PodsTest : public testing::Test {
protected:
    static Pod pod(const std::string& name, const std::string& id, int second = 1) {
        return {.id = id,
                .name = name,
                .created = Instant(std::chrono::seconds(second)),
                .labels = {{"a", "b"}},
                .hostname = "h",
                .shared = {"ipc", "net"},
                .infra = "cc33",
                .exit = Pod::Exit::stops,
                .volumes = {"data:/d"}};
    }

    test::TempStore store_;
    Pods pods_ = *Pods::open(*store_);
};

TEST_F(PodsTest, AreKeptAsTheyAre) {
    ASSERT_TRUE(succeeds(pods_.create(pod("web", "aa11"))));
    const Pod found = *pods_.find("web");
    EXPECT_EQ(found.id, "aa11");
    EXPECT_EQ(found.name, "web");
    EXPECT_EQ(found.labels.at("a"), "b");
    EXPECT_EQ(found.hostname, "h");
    EXPECT_EQ(found.shared, (std::vector<std::string>{"ipc", "net"}));
    EXPECT_EQ(found.infra, "cc33");
    EXPECT_EQ(found.exit, Pod::Exit::stops);
    EXPECT_EQ(found.volumes, std::vector<std::string>{"data:/d"});
    EXPECT_EQ(found.created, Instant(std::chrono::seconds(1)));
}

TEST_F(PodsTest, AreFoundByNameAndById) {
    ASSERT_TRUE(succeeds(pods_.create(pod("web", "aa11"))));
    ASSERT_TRUE(succeeds(pods_.create(pod("db", "ab22"))));
    EXPECT_EQ(pods_.find("aa")->name, "web");
    EXPECT_EQ(pods_.find("ab22")->name, "db");
    EXPECT_TRUE(fails_saying(pods_.find("a"), "more than one pod's id begins with 'a'"));
    EXPECT_TRUE(pods_.find("ff").failed_as(Error::Kind::not_found));
    EXPECT_TRUE(pods_.find("../x").failed_as(Error::Kind::not_found));
    EXPECT_TRUE(pods_.find("").failed_as(Error::Kind::not_found));
}

TEST_F(PodsTest, HaveNamesOfTheirOwn) {
    ASSERT_TRUE(succeeds(pods_.create(pod("web", "aa11"))));
    EXPECT_TRUE(fails_saying(pods_.create(pod("web", "bb22")), "the pod name 'web' is taken"));
    EXPECT_EQ(pods_.find("web")->id, "aa11");
    EXPECT_TRUE(fails_saying(pods_.create(pod("a/b", "bb22")), "is not a name for a pod"));
    EXPECT_TRUE(fails_saying(pods_.create(pod(".x", "bb22")), "is not a name for a pod"));
}

TEST_F(PodsTest, AreListedInTheOrderOfTheirMaking) {
    ASSERT_TRUE(succeeds(pods_.create(pod("last", "aa11", 9))));
    ASSERT_TRUE(succeeds(pods_.create(pod("first", "ab22", 3))));
    test::make_file(store_.at("pods/broken"), "{");
    const std::vector<Pod> all = *pods_.all();
    ASSERT_EQ(all.size(), 2U) << "one that cannot be read is passed over";
    EXPECT_EQ(all[0].name, "first");
    EXPECT_EQ(all[1].name, "last");
    EXPECT_TRUE(fails_saying(pods_.find("broken"), "'pods/broken'"));
}

TEST_F(PodsTest, AreGoneOnceTheyAreRemoved) {
    ASSERT_TRUE(succeeds(pods_.create(pod("web", "aa11"))));
    ASSERT_TRUE(succeeds(pods_.remove(*pods_.find("web"))));
    EXPECT_TRUE(pods_.find("web").failed_as(Error::Kind::not_found));
    EXPECT_EQ(store_.names_at("pods"), std::vector<std::string>{});
}

TEST_F(PodsTest, StayWhileAContainerJoins) {
    ASSERT_TRUE(succeeds(pods_.create(pod("web", "aa11"))));
    const ContainerRecord alone{.id = "1", .name = "alone"};
    ContainerRecord member{.id = "2", .name = "member"};
    member.pod = "aa11";
    EXPECT_FALSE(Pods::lock_for(*store_, alone)->has_value());
    EXPECT_TRUE(Pods::lock_for(*store_, member)->has_value());
    member.pod = "ee55";
    EXPECT_TRUE(Pods::lock_for(*store_, member).failed_as(Error::Kind::not_found));
}

}  // namespace
}  // namespace sbx::store
