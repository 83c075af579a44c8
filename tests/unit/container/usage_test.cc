#include "container/usage.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/id_range.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::container {
namespace {

using test::succeeds;

ImageUsage image(const std::string& id, std::vector<std::string> layers) {
    return {.image = {.id = oci::Digest::of(id),
                      .manifest = {.media_type = {}, .digest = oci::Digest::of(id)}},
            .layers = std::move(layers)};
}

TEST(Usage, CountsSharedLayersOnce) {
    const Usage usage{.images = {image("a", {"base", "own"}), image("b", {"base", "other"})},
                      .layers = {{"base", 100}, {"own", 20}, {"other", 3}}};
    EXPECT_EQ(usage.layer_bytes(), 123U);
    const oci::Digest a = oci::Digest::of("a");
    EXPECT_EQ(usage.bytes_without([&](const ImageUsage& one) { return one.image.id == a; }), 20U);
    EXPECT_EQ(usage.bytes_without([](const ImageUsage&) { return true; }), 123U);
    EXPECT_EQ(usage.bytes_without([](const ImageUsage&) { return false; }), 0U);
}

TEST(Usage, KnowsWhichImagesAContainerNeeds) {
    const store::Image one = image("a", {}).image;
    EXPECT_TRUE(needs_image({.id = "", .name = "", .image_id = one.id.text()}, one));
    store::ContainerRecord mounts{.id = "", .name = ""};
    EXPECT_FALSE(needs_image(mounts, one));
    mounts.mounted_images = {one.id.text()};
    EXPECT_TRUE(needs_image(mounts, one));
}

TEST(Usage, MeasuresContainersAndVolumes) {
    const test::TempStore store;
    const store::Volumes volumes = *store::Volumes::open(*store);
    const store::Containers containers = *store::Containers::open(*store);
    ASSERT_TRUE(succeeds(volumes.create({.name = "data", .created = now()})));
    test::make_file(store.at("volumes/data/data/big"), std::string(300'000, 'x'));
    const std::string id(64, 'a');
    ASSERT_TRUE(
        succeeds(containers.create({.id = id, .name = "box", .created = now(), .volumes = {"data"}},
                                   Json::object(), os::Durability::until_reboot)));
    test::make_file(store.at("containers/" + id + "/upper/big"), std::string(200'000, 'x'));
    const Result<Usage> usage = find_usage(*store, test::one_id());
    ASSERT_TRUE(succeeds(usage));
    ASSERT_EQ(usage->containers.size(), 1U);
    EXPECT_GE(usage->containers[0].bytes, 200'000U);
    EXPECT_LT(usage->containers[0].bytes, 300'000U);
    ASSERT_EQ(usage->volumes.size(), 1U);
    EXPECT_GE(usage->volumes[0].bytes, 300'000U);
    EXPECT_EQ(usage->volumes[0].volume.users, std::vector<std::string>{"box"});
}

}  // namespace
}  // namespace sbx::container
