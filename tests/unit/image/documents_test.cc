#include "image/documents.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "image/layout_source.h"
#include "support/image_layout.h"
#include "support/results.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::ImageLayout;
using test::ImageRecipe;
using test::replacing;

const oci::Platform kAmd{.os = "linux", .architecture = "amd64"};
const oci::Platform kArm{.os = "linux", .architecture = "arm64", .variant = "v8"};

// Of the one image that is listed in `layout`.
Result<Documents> fetch(const ImageLayout& layout, const oci::Platform& platform = kAmd) {
    os::Root root = TRY(os::Root::open(layout.path()));
    LayoutSource source = TRY(LayoutSource::open(std::move(root), ""));
    return fetch_documents(source, platform);
}

// Of the image that `recipe` makes, beside whatever it names.
Result<Documents> fetch(ImageRecipe recipe) {
    recipe.platform = kAmd;
    ImageLayout layout;
    layout.add_image(recipe, "it");
    return fetch(layout);
}

Json index_of(const ImageLayout& layout, const std::vector<Json>& entries) {
    Json manifests = Json::array();
    for (const Json& entry : entries)
        manifests.push(entry);
    return layout.add_blob(oci::media::kIndex, Json::object()
                                                   .set("schemaVersion", 2)
                                                   .set("mediaType", oci::media::kIndex)
                                                   .set("manifests", std::move(manifests))
                                                   .dump());
}

Json image_for(const ImageLayout& layout, const oci::Platform& platform) {
    Json entry = layout.add_image({.layers = {platform.text()}, .platform = platform});
    entry.set("platform", platform.to_json());
    return entry;
}

TEST(Documents, AreFetchedAndUnderstood) {
    const Result<Documents> documents = fetch({.layers = {"low", "high"}});
    ASSERT_TRUE(test::succeeds(documents));
    ASSERT_EQ(documents->manifest.layers.size(), 2U);
    EXPECT_EQ(documents->manifest.layers[1].digest, oci::Digest::of("high"));
    EXPECT_EQ(documents->config.diff_ids[0], oci::Digest::of("low"));
    EXPECT_EQ(documents->descriptor.digest, oci::Digest::of(documents->manifest_bytes));
    EXPECT_EQ(documents->manifest.config.digest, oci::Digest::of(documents->config_bytes));
}

TEST(Documents, OfAnIndexAreThoseForThePlatform) {
    ImageLayout layout;
    layout.list(index_of(layout, {image_for(layout, kAmd), image_for(layout, kArm)}));
    for (const oci::Platform& platform : {kAmd, kArm}) {
        const Result<Documents> documents = fetch(layout, platform);
        ASSERT_TRUE(test::succeeds(documents));
        EXPECT_EQ(documents->manifest.layers[0].digest, oci::Digest::of(platform.text()));
    }
    EXPECT_TRUE(fails_saying(fetch(layout, {.os = "linux", .architecture = "s390x"}),
                             "the image is not offered for linux/s390x, only for linux/amd64, "
                             "linux/arm64/v8"));
}

TEST(Documents, OfAnIndexInAnIndexAreFoundThreeDeep) {
    ImageLayout layout;
    const Json image = image_for(layout, kAmd);
    layout.list(index_of(layout, {index_of(layout, {image})}));
    EXPECT_TRUE(test::succeeds(fetch(layout)));
    ImageLayout deep;
    const Json deeper = image_for(deep, kAmd);
    deep.list(index_of(deep, {index_of(deep, {index_of(deep, {deeper})})}));
    EXPECT_TRUE(fails_saying(fetch(deep), "indexes nest deeper than 3"));
}

// An index that says one platform, of an image that says another.
TEST(Documents, OfAnotherPlatformAreRefused) {
    ImageLayout layout;
    Json entry = layout.add_image({.platform = kArm});
    entry.set("platform", kAmd.to_json());
    layout.list(index_of(layout, {entry}));
    const Result<Documents> documents = fetch(layout);
    EXPECT_TRUE(fails_saying(documents, "the image is for linux/arm64, not for linux/amd64"));
    EXPECT_EQ(documents.error().hint(), "--platform linux/arm64 takes it all the same");
}

TEST(Documents, ThatNameNoPlatformFitAny) {
    EXPECT_TRUE(test::succeeds(fetch({.edit_config = [](std::string text) {
        return replacing(R"("architecture":"amd64","os":"linux",)", "")(std::move(text));
    }})));
}

TEST(Documents, HaveAsManyDiffIdsAsLayers) {
    const std::string id = oci::Digest::of("x").text();
    EXPECT_TRUE(fails_saying(fetch({.layers = {"a", "b"}, .diff_ids = {id}}),
                             "the manifest names 2 layers, and the configuration 1 diff ids"));
    EXPECT_TRUE(fails_saying(fetch({.diff_ids = {id}}), "the manifest names 0 layers"));
    EXPECT_TRUE(
        fails_saying(fetch({.layers = {"a"}, .diff_ids = {"sha512:00"}}), "the configuration: "));
}

TEST(Documents, AreOfTheSizeTheyAreSaidToBe) {
    const test::Edit edit = [](std::string text) {
        return replacing("\"size\":", "\"size\":1")(std::move(text));
    };
    EXPECT_TRUE(fails_saying(fetch({.edit_manifest = edit}), "the configuration: 'sha256:"));
    EXPECT_TRUE(fails_saying(fetch({.edit_manifest = replacing("\"size\":", "\"size\":99999")}),
                             "the configuration has "));
    EXPECT_TRUE(fails_saying(fetch({.edit_manifest = replacing("\"size\":", "\"size\":-")}),
                             "the manifest: "));
}

TEST(Documents, AreOfTheContentThatTheirDigestSays) {
    ImageLayout layout;
    const ImageRecipe recipe{.platform = kAmd};
    layout.add_image(recipe, "it");
    std::string config = recipe.config();
    test::make_file(layout.blob_path(config), replacing("linux", "linuX")(config));
    EXPECT_TRUE(fails_saying(fetch(layout), "has another content than its digest says"));
    ASSERT_EQ(::unlink(layout.blob_path(config).c_str()), 0);
    EXPECT_TRUE(fails_saying(fetch(layout), "fetching the configuration: "));
}

TEST(Documents, MayNotNameTooMuch) {
    EXPECT_TRUE(fails_saying(fetch({.layers = std::vector<std::string>(501, "x")}), "500"));
    EXPECT_TRUE(fails_saying(fetch({.layers = {"x"}, .layer_type = "text/html"}),
                             "/layers/0/mediaType: 'text/html' is not supported"));
    EXPECT_TRUE(fails_saying(
        fetch({.edit_manifest = replacing(std::string(oci::media::kConfig), "application/x")}),
        "it is not an image but an artifact of type 'application/x'"));
}

TEST(Documents, MayNotBeReadInTwoWays) {
    EXPECT_TRUE(fails_saying(fetch({.edit_manifest = replacing("{", R"({"manifests":[],)")}),
                             "may be read as an index too"));
    EXPECT_TRUE(fails_saying(fetch({.edit_manifest = replacing(std::string(oci::media::kManifest),
                                                               std::string(oci::media::kIndex))}),
                             "the manifest: "));
}

}  // namespace
}  // namespace sbx::image
