#include "store/volumes.h"

#include <gtest/gtest.h>

#include "support/at_once.h"
#include "support/files.h"
#include "support/id_range.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::store {
namespace {

using test::exists;
using test::fails_saying;
using test::succeeds;

class VolumesTest : public testing::Test {
protected:
    test::TempStore store_;
    Volumes volumes_ = *Volumes::open(*store_);
};

TEST_F(VolumesTest, AreMadeOnceAndFoundAgain) {
    const Instant moment = *parse_rfc3339("2024-05-06T07:08:09Z");
    const Result<Volume> made = volumes_.find_or_create(
        {.name = "data", .created = moment, .anonymous = true, .labels = {{"a", "b"}}});
    ASSERT_TRUE(succeeds(made));
    EXPECT_EQ(made->path, store_.at("volumes/data/data"));
    test::make_file(made->path + "/kept");
    const Result<Volume> again = volumes_.find_or_create({.name = "data", .created = now()});
    ASSERT_TRUE(succeeds(again));
    EXPECT_EQ(again->created, moment);
    EXPECT_TRUE(again->anonymous);
    EXPECT_EQ(again->labels, (std::map<std::string, std::string>{{"a", "b"}}));
    EXPECT_TRUE(exists(again->path + "/kept"));
    EXPECT_EQ(store_.names_at("tmp"), std::vector<std::string>{});
}

TEST_F(VolumesTest, HaveNamesThatLeadNowhereElse) {
    for (const char* name : {"", ".", "..", "a/b", "/etc", ".hidden"}) {
        EXPECT_TRUE(fails_saying(volumes_.find_or_create({.name = name}), "is not a name"));
        EXPECT_TRUE(fails_saying(volumes_.find(name), "is not a name"));
        EXPECT_TRUE(fails_saying(volumes_.remove(name, test::one_id()), "is not a name"));
    }
    const Result<Volume> none = volumes_.find("none");
    EXPECT_TRUE(fails_saying(none, "there is no volume 'none'"));
    EXPECT_EQ(none.error().kind(), Error::Kind::not_found);
}

TEST_F(VolumesTest, AreMadeByOneOfManyProcesses) {
    const std::vector<int> codes = test::at_once(8, [&](int number) {
        const Result<Volume> made = volumes_.find_or_create(
            {.name = "data", .created = now(), .labels = {{"by", std::to_string(number)}}});
        if (!made) return 100;
        return std::stoi(made->labels.at("by"));
    });
    EXPECT_EQ(codes, std::vector<int>(8, codes.front())) << "all have the same";
    EXPECT_NE(codes.front(), 100);
    EXPECT_EQ(store_.names_at("tmp"), std::vector<std::string>{});
}

TEST_F(VolumesTest, AreRemovedWithTheirContent) {
    const Result<Volume> made = volumes_.find_or_create({.name = "data", .created = now()});
    test::make_folder(made->path + "/closed", 0);
    ASSERT_TRUE(succeeds(volumes_.remove("data", test::one_id())));
    EXPECT_FALSE(exists(store_.at("volumes/data")));
    EXPECT_TRUE(succeeds(volumes_.remove("data", test::one_id()))) << "absent is fine";
}

TEST_F(VolumesTest, AreMadeAnewOnlyOnce) {
    ASSERT_TRUE(succeeds(volumes_.create({.name = "data", .created = now()})));
    const Result<Volume> again = volumes_.create({.name = "data", .created = now()});
    EXPECT_TRUE(fails_saying(again, "there is a volume 'data' already"));
    EXPECT_EQ(again.error().kind(), Error::Kind::exists);
    EXPECT_TRUE(fails_saying(volumes_.create({.name = "a/b"}), "is not a name"));
}

TEST_F(VolumesTest, AreListedByName) {
    for (const char* name : {"b", "a"})
        ASSERT_TRUE(succeeds(volumes_.create({.name = name, .created = now()})));
    const Result<os::Lock> lock = volumes_.lock(os::Share::exclusive);
    ASSERT_TRUE(succeeds(lock));
    EXPECT_EQ(*volumes_.all_names(), (std::vector<std::string>{"a", "b"})) << "not the lock";
    EXPECT_EQ(volumes_.all()->size(), 2U);
    EXPECT_TRUE(volumes_.exists("a"));
    EXPECT_FALSE(volumes_.exists("c"));
    EXPECT_FALSE(volumes_.exists(".lock"));
}

TEST_F(VolumesTest, AreFoundByWhereTheyAre) {
    EXPECT_EQ(Volumes::name_at(*store_, Volumes::path_of(*store_, "data")), "data");
    for (const char* path : {"", "/", "data", "/data", "/etc/volumes/x/data"})
        EXPECT_EQ(Volumes::name_at(*store_, path), "") << path;
    EXPECT_EQ(Volumes::name_at(*store_, store_.at("volumes/data")), "");
}

TEST_F(VolumesTest, StayWhileAContainerHasThem) {
    for (const char* name : {"used", "free"})
        ASSERT_TRUE(succeeds(volumes_.create({.name = name, .created = now()})));
    const Containers containers = *Containers::open(*store_);
    ASSERT_TRUE(succeeds(containers.create(
        {.id = std::string(64, 'a'), .name = "box", .created = now(), .volumes = {"used"}},
        Json::object(), os::Durability::until_reboot)));
    ASSERT_TRUE(succeeds(volumes_.remove_unused({"used", "free", "none"}, test::one_id())));
    EXPECT_EQ(*volumes_.all_names(), std::vector<std::string>{"used"});
    ASSERT_EQ(volumes_.users_of("used")->size(), 1U);
    EXPECT_EQ(volumes_.users_of("used")->front().name, "box");
}

TEST_F(VolumesTest, StayWhileAContainerThatCannotBeReadMayHaveThem) {
    ASSERT_TRUE(succeeds(volumes_.create({.name = "data", .created = now()})));
    const std::string id(64, 'a');
    test::make_folder(store_.at("containers"));
    test::make_folder(store_.at("containers/" + id));
    EXPECT_EQ(volumes_.users_of("data")->size(), 0U) << "it is only half made";
    test::make_file(store_.at("containers/" + id + "/record.json"), "{");
    EXPECT_TRUE(fails_saying(volumes_.users_of("data"), "container 'aaaaaaaaaaaa' may have it: "));
    ASSERT_TRUE(succeeds(volumes_.remove_unused({"data"}, test::one_id())));
    EXPECT_TRUE(volumes_.exists("data"));
}

TEST_F(VolumesTest, AreKnownOfContainersWhoseRecordDoesNotNameThem) {
    const Containers containers = *Containers::open(*store_);
    const std::string id(64, 'a');
    const Json mounts = Json::array()
                            .push(Json::object().set("source", Volumes::path_of(*store_, "old")))
                            .push(Json::object().set("source", "/etc"));
    ASSERT_TRUE(
        succeeds(containers.create({.id = id, .name = "box", .created = now()},
                                   Json::object().set("spec", Json::object().set("mounts", mounts)),
                                   os::Durability::until_reboot)));
    const std::string record = store_.at("containers/" + id + "/record.json");
    std::string text = test::bytes_of(record);
    const std::string member = R"("volumes":[],)";
    ASSERT_NE(text.find(member), text.npos);
    test::make_file(record, text.erase(text.find(member), member.size()));
    EXPECT_EQ(containers.read(id)->volumes, std::vector<std::string>{"old"});
}

TEST_F(VolumesTest, WithABadRecordSayWhichFileItIs) {
    ASSERT_TRUE(succeeds(volumes_.find_or_create({.name = "data", .created = now()})));
    for (const char* bad : {"", "{}", "[1]", R"({"created":"x"})",
                            R"({"created":"2024-01-01T00:00:00Z","labels":3})"}) {
        test::make_file(store_.at("volumes/data/record.json"), bad);
        EXPECT_TRUE(fails_saying(volumes_.find("data"), "'volumes/data/record.json': ")) << bad;
        EXPECT_FALSE(volumes_.find_or_create({.name = "data"})) << "and is not made anew";
    }
}

}  // namespace
}  // namespace sbx::store
