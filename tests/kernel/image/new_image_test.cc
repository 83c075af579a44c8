#include "image/new_image.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "store/blobs.h"
#include "support/results.h"
#include "support/tar_writer.h"
#include "support/test_workshop.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::succeeds;
using test::tar_file;

oci::Descriptor blob_of(const std::string& tar) {
    return {.media_type = std::string(oci::media::kLayer),
            .digest = oci::Digest::of(tar),
            .size = tar.size()};
}

// Its layer is this tar.
NewImage image_of(const std::string& tar) {
    return {.blob = blob_of(tar), .config = {.platform = oci::Platform::native()}};
}

NewImage image_above(const std::string& below, const std::string& tar) {
    NewImage image = image_of(tar);
    image.below = {blob_of(below)};
    image.config.diff_ids = {oci::Digest::of(below)};
    return image;
}

class NewImageTest : public testing::Test {
protected:
    Result<store::Image> make(NewImage image, const std::string& tar) {
        const store::Staging staging = TRY(workshop_.store()->stage());
        TRY(os::write_atomic(staging.directory(), kNewBlob, tar));
        return make_image(staging, *workshop_, std::move(image));
    }
    std::string document_of(const store::Image& image) const {
        return store::Blobs::open(*workshop_.store())->read(image.id, 1 << 20).value();
    }

    std::string tar_ = tar_file("f", "");
    test::TestWorkshop workshop_;
};

TEST_F(NewImageTest, HasItsLayerAboveThoseOfAnother) {
    const std::string low = tar_file("f", "low");
    const std::string high = tar_file("f", "high");
    ASSERT_TRUE(succeeds(make(image_of(low), low)));
    NewImage wish = image_above(low, high);
    wish.name = oci::Reference::parse("localhost/made").value();
    const Result<store::Image> made = make(std::move(wish), high);
    ASSERT_TRUE(succeeds(made));
    EXPECT_EQ(workshop_.content_of(*made, "f"), "high|low|");
    EXPECT_EQ(made->bytes, 7U);
    EXPECT_EQ(store::Images::open(*workshop_.store())->find("localhost/made")->id, made->id);
    EXPECT_EQ(oci::ImageConfig::parse(document_of(*made))->diff_ids.size(), 2U);
}

TEST_F(NewImageTest, KeepsWhatOnlyOthersUnderstand) {
    NewImage wish = image_of(tar_);
    wish.parent = Json::parse(R"({"os.version": "1", "container": "x", "created": "then",
        "config": {"Shell": ["/bin/ash", "-c"], "Cmd": ["old"]}})")
                      .value();
    const Result<store::Image> made = make(std::move(wish), tar_);
    ASSERT_TRUE(succeeds(made));
    const Json document = Json::parse(document_of(*made)).value();
    EXPECT_EQ(*document["os.version"].as_string(), "1");
    EXPECT_EQ(document["config"].dump(), R"({"Shell":["/bin/ash","-c"]})");
    EXPECT_TRUE(document["container"].is_null());
}

TEST_F(NewImageTest, IsNotMadeOfAnotherLayerThanWasPacked) {
    NewImage wish = image_of(tar_);
    wish.diff_id = oci::Digest::of("another");
    EXPECT_TRUE(fails_saying(make(std::move(wish), tar_), "was changed"));
    EXPECT_EQ(workshop_.left_over(), "");
}

TEST_F(NewImageTest, IsNotMadeAboveLayersThatAreGone) {
    const Result<store::Image> made = make(image_above("removed", tar_), tar_);
    EXPECT_TRUE(made.failed_as(Error::Kind::not_found));
    EXPECT_EQ(store::Images::open(*workshop_.store())->all()->size(), 0U);
    EXPECT_EQ(workshop_.store().names_at("tmp"), std::vector<std::string>{});
}

TEST_F(NewImageTest, HasNoMoreLayersThanCanBeRun) {
    NewImage wish = image_above("low", tar_);
    wish.below.resize(oci::kMostLayers, blob_of("low"));
    EXPECT_TRUE(fails_saying(make(std::move(wish), tar_), "501 layers"));
    EXPECT_EQ(workshop_.left_over(), "");
}

TEST_F(NewImageTest, IsNotMadeOfADamagedLayer) {
    EXPECT_FALSE(make(image_of("no tar at all"), "no tar at all"));
    EXPECT_EQ(workshop_.left_over(), "");
}

}  // namespace
}  // namespace sbx::image
