#include "store/layers.h"

#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "store/containers.h"
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

class LayersTest : public testing::Test {
protected:
    // Unpacks, prepares and publishes a layer that has the file `content`.
    Result<Layer> publish(const Layer& layer, const std::string& content = "f") const {
        const Staging staging = TRY(store_->stage());
        const os::Fd folder = TRY(os::make_directory(staging.directory(), "layer", 0700));
        const os::Fd tree = TRY(os::make_directory(folder, "tree", 0755));
        TRY(os::write_atomic(tree, content, ""));
        Layer prepared = TRY(layers_.prepare(folder, layer));
        return layers_.publish(staging.directory(), "layer", std::move(prepared));
    }
    std::string link_path(const Layer& layer) const {
        return Layers::links_path(*store_) + "/" + layer.link;
    }

    test::TempStore store_;
    Layers layers_ = *Layers::open(*store_);
    const oci::Digest diff_id_ = oci::Digest::of("layer");
};

TEST_F(LayersTest, HaveOneForWhatImagesLack) {
    const mode_t before = ::umask(077);
    const Result<std::string> made = Layers::mount_points(*store_);
    ::umask(before);
    ASSERT_TRUE(succeeds(made));
    EXPECT_EQ(Layers::mount_points(*store_).value(), *made);
    const std::string there = Layers::links_path(*store_) + "/" + *made;
    for (const char* folder : {"", "/run"})
        EXPECT_EQ(test::mode_of(there + folder), 0755U) << "not its owner alone looks into it";
    EXPECT_EQ(test::mode_of(there + "/run/.containerenv"), 0644U);
    EXPECT_EQ(layers_.all()->size(), 0U) << "it is none of an image's";
    std::filesystem::remove(there + "/run/.containerenv");  // as where its maker was killed
    EXPECT_TRUE(succeeds(Layers::mount_points(*store_)));
    EXPECT_TRUE(exists(there + "/run/.containerenv"));
}

TEST_F(LayersTest, AreFoundAsTheyWerePublished) {
    EXPECT_FALSE(layers_.find(diff_id_).value()) << "absent is no error";
    const Result<Layer> made =
        publish({.diff_id = diff_id_, .bytes = 123, .hides_below = true}, "content");
    ASSERT_TRUE(succeeds(made));
    const Result<std::optional<Layer>> found = layers_.find(diff_id_);
    ASSERT_TRUE(succeeds(found));
    EXPECT_EQ((*found)->link, made->link);
    EXPECT_EQ((*found)->bytes, 123U);
    EXPECT_TRUE((*found)->hides_below);
    EXPECT_EQ(made->link.size(), 5U) << "hundreds of them fit the page that mount(2) has";
    EXPECT_TRUE(exists(link_path(*made) + "/content"));
    EXPECT_EQ(layers_.all()->size(), 1U);
}

TEST_F(LayersTest, AreNotThereBeforeTheyArePublished) {
    const Staging staging = *store_->stage();
    const os::Fd folder = *os::make_directory(staging.directory(), "layer", 0700);
    ASSERT_TRUE(succeeds(layers_.prepare(folder, {.diff_id = diff_id_})));
    EXPECT_FALSE(layers_.find(diff_id_).value());
    EXPECT_EQ(layers_.all()->size(), 0U);
}

TEST_F(LayersTest, OfWhoeverWasFasterAreAsGood) {
    const Result<Layer> first = publish({.diff_id = diff_id_}, "first");
    const Result<Layer> second = publish({.diff_id = diff_id_}, "second");
    ASSERT_TRUE(succeeds(second));
    EXPECT_EQ(second->link, first->link);
    EXPECT_TRUE(exists(link_path(*first) + "/first"));
    EXPECT_EQ(test::names_in_folder(Layers::links_path(*store_)), std::vector{first->link});
}

TEST_F(LayersTest, OfManyProcessesBecomeOne) {
    const std::vector<int> codes = test::at_once(8, [&](int number) {
        return publish({.diff_id = diff_id_}, std::to_string(number)) ? 0 : 1;
    });
    EXPECT_EQ(codes, std::vector<int>(8, 0));
    EXPECT_EQ(layers_.all()->size(), 1U);
    EXPECT_EQ(test::names_in_folder(Layers::links_path(*store_)).size(), 1U);
    EXPECT_EQ(store_.names_at("tmp"), std::vector<std::string>{});
}

TEST_F(LayersTest, OfOneOwnerMakeRoomForThoseOfAll) {
    ASSERT_TRUE(succeeds(publish({.diff_id = diff_id_, .one_owner = true}, "one")));
    EXPECT_TRUE((*layers_.find(diff_id_))->one_owner);
    const Result<Layer> all = publish({.diff_id = diff_id_}, "all");
    ASSERT_TRUE(succeeds(all));
    EXPECT_TRUE(exists(link_path(*all) + "/all"));
    ASSERT_TRUE(succeeds(publish({.diff_id = diff_id_, .one_owner = true}, "one")));
    EXPECT_FALSE((*layers_.find(diff_id_))->one_owner) << "but not the other way round";
}

TEST_F(LayersTest, AreNotReplacedUnderARunningContainer) {
    ASSERT_TRUE(succeeds(publish({.diff_id = diff_id_, .one_owner = true}, "one")));
    const Containers containers = *Containers::open(*store_);
    ASSERT_TRUE(succeeds(containers.create({.id = std::string(64, 'a'), .name = "box"},
                                           Json::object(), os::Durability::until_reboot)));
    ASSERT_TRUE(succeeds(containers.lock(std::string(64, 'a'))));
    ASSERT_TRUE(succeeds(containers.write_live(
        std::string(64, 'a'), {.pid = ::getpid(), .start_time = *os::start_time_of(::getpid())})));
    const Result<Layer> second = publish({.diff_id = diff_id_}, "all");
    EXPECT_TRUE(fails_saying(second, "has to be unpacked anew, and 'box' runs"));
    EXPECT_TRUE((*layers_.find(diff_id_))->one_owner);
}

TEST_F(LayersTest, AreRemovedWithTheirLink) {
    const Result<Layer> made = publish({.diff_id = diff_id_});
    ASSERT_EQ(::chmod(store_.at("layers/" + diff_id_.hex() + "/tree").c_str(), 0500), 0);
    ASSERT_TRUE(succeeds(layers_.remove(*made, test::one_id())));
    EXPECT_FALSE(layers_.find(diff_id_).value());
    EXPECT_FALSE(exists(link_path(*made)));
    EXPECT_EQ(store_.names_at("trash"), std::vector<std::string>{});
}

TEST_F(LayersTest, WithABadRecordAreReplaced) {
    ASSERT_TRUE(succeeds(publish({.diff_id = diff_id_})));
    const std::string file = "layers/" + diff_id_.hex() + "/record.json";
    for (const char* bad : {"", "{}", R"({"link":"abcde"})", R"({"link":"abcde","bytes":"1"})"}) {
        test::make_file(store_.at(file), bad);
        EXPECT_FALSE(layers_.find(diff_id_).value()) << bad;
        ASSERT_EQ(layers_.all()->size(), 1U) << bad;
        EXPECT_EQ(layers_.all()->front().link, "") << "no more than its diff id is known";
        const Result<Layer> again = publish({.diff_id = diff_id_, .bytes = 7}, "again");
        ASSERT_TRUE(succeeds(again));
        EXPECT_EQ((*layers_.find(diff_id_))->bytes, 7U);
        EXPECT_EQ(*layers_.hex_behind(again->link), diff_id_.hex());
        EXPECT_TRUE(exists(link_path(*again) + "/again"));
    }
    test::make_file(store_.at(file), R"({"link":"abcde","bytes":1})");
    EXPECT_FALSE((*layers_.find(diff_id_))->hides_below) << "of an older sbx";
    ASSERT_TRUE(succeeds(layers_.remove({.diff_id = diff_id_}, test::one_id())));
    EXPECT_TRUE(test::names_in_folder(Layers::links_path(*store_)).empty()) << "all links";
}

}  // namespace
}  // namespace sbx::store
