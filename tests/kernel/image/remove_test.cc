#include "image/remove.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "image/layout_source.h"
#include "os/file.h"
#include "os/process.h"
#include "store/blobs.h"
#include "store/containers.h"
#include "store/layers.h"
#include "store/volumes.h"
#include "support/at_once.h"
#include "support/image_layout.h"
#include "support/results.h"
#include "support/tar_writer.h"
#include "support/test_workshop.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::succeeds;

class RemoveTest : public testing::Test {
protected:
    store::Image add(const std::vector<std::string>& contents,
                     const std::vector<std::string>& names) {
        test::ImageRecipe recipe;
        for (const std::string& content : contents)
            recipe.layers.push_back(test::tar_file("f", content));
        test::ImageLayout layout;
        layout.add_image(recipe, "it");
        LayoutSource source =
            LayoutSource::open(os::Root::open(layout.path()).value(), "it").value();
        const Wish wish{.platform = oci::Platform::native()};
        const store::Image image = image::ingest(source, *workshop_, wish).value();
        const store::Images images = store::Images::open(*store_).value();
        for (const std::string& name : names)
            EXPECT_TRUE(succeeds(images.name(oci::Reference::parse(name).value(), image.id)));
        return image;
    }
    store::ContainerRecord add_container(const store::Image& image, const std::string& name) {
        const store::ContainerRecord record{.id = oci::Digest::of(name).hex(),
                                            .name = name,
                                            .image_id = image.id.text(),
                                            .created = now(),
                                            .anonymous_volumes = {"v-" + name}};
        EXPECT_TRUE(succeeds(volumes_.find_or_create({.name = "v-" + name, .created = now()})));
        EXPECT_TRUE(
            succeeds(containers_.create(record, Json::object(), os::Durability::until_reboot)));
        return record;
    }
    Result<Removed> remove(const std::string& text, Force force = Force::no) {
        return image::remove(*store_, text, test::one_id(), force);
    }
    Result<Removed> prune(Unused unused = Unused::unnamed) {
        return image::prune(*store_, test::one_id(), unused);
    }
    // "NAMES names, IMAGES images, BYTES bytes", or the words of the failure.
    static std::string told(const Result<Removed>& removed) {
        if (!removed) return removed.error().text();
        return fmt::format("{} names, {} images, {} bytes", removed->untagged.size(),
                           removed->deleted.size(), removed->rest.bytes);
    }
    std::string held() const {
        return fmt::format("{} images, {} layers, {} blobs",
                           store::Images::open(*store_)->all()->size(),
                           store::Layers::open(*store_)->all()->size(),
                           store::Blobs::open(*store_)->all()->size());
    }

    test::TestWorkshop workshop_;
    const test::TempStore& store_ = workshop_.store();
    store::Containers containers_ = store::Containers::open(*store_).value();
    store::Volumes volumes_ = store::Volumes::open(*store_).value();
};

TEST_F(RemoveTest, TheLastNameTakesTheImageAlong) {
    add({"a"}, {"app:1", "app:2"});
    EXPECT_EQ(told(remove("app:1")), "1 names, 0 images, 0 bytes");
    EXPECT_EQ(held(), "1 images, 1 layers, 3 blobs");
    EXPECT_EQ(told(remove("app:2")), "1 names, 1 images, 1 bytes");
    EXPECT_EQ(held(), "0 images, 0 layers, 0 blobs");
    EXPECT_EQ(store_.names_at("layers/l"), std::vector<std::string>{});
    EXPECT_FALSE(test::bytes_of(store_.at("images/index.json")).contains("library/app"));
    EXPECT_EQ(told(remove("app:2")), "there is no image 'app:2'");
}

TEST_F(RemoveTest, ByItsIdAnImageWithSeveralNamesWantsForce) {
    const store::Image image = add({"a"}, {"app:1", "app:2"});
    const Result<Removed> refused = remove(image.id.hex().substr(0, 12));
    EXPECT_EQ(told(refused), "the image has 2 names");
    EXPECT_EQ(refused.error().kind(), Error::Kind::busy);
    EXPECT_EQ(told(remove(image.id.hex().substr(0, 12), Force::yes)), "2 names, 1 images, 1 bytes");
    const store::Image unnamed = add({"b"}, {});
    EXPECT_EQ(told(remove(unnamed.id.text())), "0 names, 1 images, 1 bytes");
}

TEST_F(RemoveTest, LeavesWhatAnotherImageNeeds) {
    const store::Image kept = add({"shared", "top"}, {"kept"});
    add({"shared", "own"}, {"gone"});
    EXPECT_EQ(held(), "2 images, 3 layers, 7 blobs");
    EXPECT_EQ(told(remove("gone")), "1 names, 1 images, 3 bytes");
    EXPECT_EQ(held(), "1 images, 2 layers, 4 blobs");
    EXPECT_EQ(workshop_.content_of(kept, "f"), "top|shared|");
}

TEST_F(RemoveTest, LeavesAnImageThatAContainerNeeds) {
    const store::Image image = add({"a"}, {"app:1", "app:2"});
    add_container(image, "box");
    EXPECT_EQ(told(remove("app:1")), "1 names, 0 images, 0 bytes") << "a name is not needed";
    const Result<Removed> refused = remove("app:2");
    EXPECT_EQ(told(refused), "container 'box' uses the image");
    EXPECT_EQ(refused.error().hint(), "`sbx rm box` removes the container");
    EXPECT_EQ(held(), "1 images, 1 layers, 3 blobs");
}

TEST_F(RemoveTest, ByForceTakesTheContainersAlong) {
    const store::Image image = add({"a"}, {"app"});
    add_container(image, "box");
    EXPECT_EQ(told(remove("app", Force::yes)), "1 names, 1 images, 1 bytes");
    EXPECT_TRUE(containers_.name_is_free("box"));
    EXPECT_FALSE(volumes_.find("v-box")) << "with the volumes that were made for them";
    EXPECT_EQ(store_.names_at("containers"), std::vector<std::string>{});
}

TEST_F(RemoveTest, NotEvenByForceTakesAContainerThatRuns) {
    const store::ContainerRecord box = add_container(add({"a"}, {"app"}), "box");
    ASSERT_TRUE(succeeds(containers_.write_live(
        box.id, {.pid = ::getpid(), .start_time = *os::start_time_of(::getpid())})));
    EXPECT_EQ(told(remove("app", Force::yes)), "container 'box' runs the image");
    ASSERT_TRUE(succeeds(containers_.forget_live(box.id)));
    const Result<os::Lock> starting = containers_.lock(box.id);
    EXPECT_EQ(told(remove("app", Force::yes)), "container 'box' runs the image");
    EXPECT_EQ(held(), "1 images, 1 layers, 3 blobs");
    EXPECT_TRUE(volumes_.find("v-box"));
}

TEST_F(RemoveTest, PruneTakesWhatHasNoNameAndNoContainer) {
    add({"named"}, {"app"});
    add({"dangling"}, {});
    const store::Image used = add({"used"}, {});
    add_container(used, "box");
    const Result<Removed> pruned = prune();
    EXPECT_EQ(told(pruned), "0 names, 1 images, 8 bytes");
    EXPECT_EQ(held(), "2 images, 2 layers, 6 blobs");
    EXPECT_EQ(workshop_.content_of(used, "f"), "used|");
    EXPECT_EQ(told(prune()), "0 names, 0 images, 0 bytes");
}

TEST_F(RemoveTest, PruneOfAllTakesNamesToo) {
    const store::Image used = add({"used"}, {"used"});
    add({"named"}, {"app:1", "app:2"});
    add_container(used, "box");
    EXPECT_EQ(told(prune(Unused::named)), "2 names, 1 images, 5 bytes");
    EXPECT_EQ(held(), "1 images, 1 layers, 3 blobs");
}

TEST_F(RemoveTest, PruneTakesWhatKilledAndGivenUpPullsLeft) {
    const store::Blobs blobs = store::Blobs::open(*store_).value();
    ASSERT_TRUE(succeeds(blobs.begin(oci::Digest::of("left"))));
    const Result<store::Blobs::Partial> coming = blobs.begin(oci::Digest::of("coming"));
    ASSERT_TRUE(succeeds(blobs.add("of nobody")));
    test::make_folder(store_.at("trash"));
    test::make_folder(store_.at("trash/0123"));
    test::make_file(store_.at("images/blobs/sha256/.half.1"), "");
    EXPECT_EQ(told(prune()), "0 names, 0 images, 0 bytes");
    EXPECT_EQ(held(), "0 images, 0 layers, 0 blobs");
    EXPECT_EQ(store_.names_at("trash"), std::vector<std::string>{});
    EXPECT_EQ(store_.names_at("images/blobs/sha256"), std::vector<std::string>{});
    EXPECT_EQ(store_.names_at("partial").size(), 2U) << "what is coming, and its lock";
}

TEST_F(RemoveTest, RemovesNothingWhileARecordCannotBeRead) {
    const store::Image image = add({"a"}, {"app"});
    add({"b"}, {"other"});
    test::make_file(store_.at("image-records/" + image.id.hex() + ".json"), "{");
    const std::string file = "'image-records/" + image.id.hex() + ".json': ";
    for (const Result<Removed>& removed : {remove("other"), prune()}) {
        ASSERT_TRUE(succeeds(removed));
        ASSERT_EQ(removed->rest.damaged.size(), 1U);
        EXPECT_TRUE(removed->rest.damaged.front().starts_with(file));
    }
    EXPECT_EQ(held(), "0 images, 2 layers, 6 blobs") << "one image is gone, with its name alone";
    EXPECT_TRUE(succeeds(remove(image.id.text())));
    EXPECT_EQ(held(), "0 images, 0 layers, 0 blobs");
}

// A layer that is taken away between its unpacking and its image is brought again.
TEST_F(RemoveTest, PullsAndPrunesAtOnceLeaveWholeImages) {
    add({"warm up"}, {"kept"});
    const std::vector<int> codes = test::at_once(4, [&](int number) {
        for (int i = 0; i < 5; ++i) {
            if (number == 0 && !prune()) return 1;
            if (number == 0) continue;
            add({"shared", fmt::format("{}", i)}, {fmt::format("i{}", i)});
        }
        return testing::Test::HasFailure() ? 2 : 0;
    });
    EXPECT_EQ(codes, std::vector<int>(4, 0));
    const Result<std::vector<store::Image>> all = store::Images::open(*store_)->all();
    ASSERT_EQ(all->size(), 6U);
    for (const store::Image& image : *all)
        EXPECT_FALSE(workshop_.content_of(image, "f").starts_with('|'));
}

}  // namespace
}  // namespace sbx::image
