#include "image/round.h"

#include <gtest/gtest.h>

#include "image/layout_source.h"
#include "os/file.h"
#include "support/image_layout.h"
#include "support/results.h"
#include "support/tar_writer.h"
#include "support/test_workshop.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::succeeds;

std::string layer(const std::string& content) { return test::tar_file("f", content); }

class RoundTest : public testing::Test {
protected:
    // A layer that the layout has.
    Arrival::Want want(const std::string& blob) {
        layout_.add_blob(oci::media::kLayer, blob);
        return {.blob = {.media_type = std::string(oci::media::kLayer),
                         .digest = oci::Digest::of(blob),
                         .size = blob.size()},
                .diff_id = oci::Digest::of(blob),
                .tree = true};
    }
    LayoutSource source() {
        layout_.add_image({}, "it");
        return LayoutSource::open(os::Root::open(layout_.path()).value(), "it").value();
    }
    std::size_t layer_count() const {
        return store::Layers::open(*workshop_.store())->all()->size();
    }

    test::ImageLayout layout_;
    test::TestWorkshop workshop_;
    store::Blobs blobs_ = store::Blobs::open(*workshop_.store()).value();
    LayoutSource source_ = source();
};

TEST_F(RoundTest, PublishesAllOfItAtItsEnd) {
    Round round = Round::open(source_, *workshop_).value();
    EXPECT_TRUE(round.empty());
    for (const char* content : {"a", "b", "c"})
        ASSERT_TRUE(succeeds(round.begin(want(layer(content)))));
    ASSERT_TRUE(succeeds(round.wait()));
    EXPECT_EQ(blobs_.all()->size(), 0U) << "nothing is there before";
    EXPECT_EQ(layer_count(), 0U);
    ASSERT_TRUE(succeeds(round.publish()));
    EXPECT_EQ(blobs_.all()->size(), 3U);
    EXPECT_EQ(layer_count(), 3U);
}

TEST_F(RoundTest, ThatIsGivenUpLeavesOnlyABeginning) {
    {
        Round round = Round::open(source_, *workshop_).value();
        ASSERT_TRUE(succeeds(round.begin(want(layer("a")))));
        ASSERT_TRUE(succeeds(round.wait()));
    }
    EXPECT_EQ(workshop_.left_over(), "");
    EXPECT_TRUE(test::exists(workshop_.store().at("partial/" + oci::Digest::of(layer("a")).hex())));
}

TEST_F(RoundTest, PassesOverWhatAnotherBrings) {
    const Arrival::Want wanted = want(layer("a"));
    const Result<store::Blobs::Partial> other = blobs_.begin(wanted.blob.digest);
    Round round = Round::open(source_, *workshop_).value();
    ASSERT_TRUE(succeeds(round.begin(wanted)));
    EXPECT_TRUE(round.empty());
    ASSERT_TRUE(succeeds(round.begin(want(layer("b")))));
    EXPECT_FALSE(round.empty());
}

TEST_F(RoundTest, UnpacksABlobThatIsThereWithoutFetchingIt) {
    ASSERT_TRUE(succeeds(blobs_.add(layer("a"))));
    const Arrival::Want wanted = want(layer("a"));
    ASSERT_EQ(::unlink(layout_.blob_path(layer("a")).c_str()), 0);
    Round round = Round::open(source_, *workshop_).value();
    ASSERT_TRUE(succeeds(round.begin(wanted)));
    ASSERT_TRUE(succeeds(round.wait()));
    ASSERT_TRUE(succeeds(round.publish()));
    EXPECT_EQ(layer_count(), 1U);
}

TEST_F(RoundTest, OneBadLayerKeepsAllOut) {
    Arrival::Want bad = want(layer("b"));
    bad.diff_id = oci::Digest::of("another");
    Round round = Round::open(source_, *workshop_).value();
    ASSERT_TRUE(succeeds(round.begin(want(layer("a")))));
    ASSERT_TRUE(succeeds(round.begin(bad)));
    EXPECT_TRUE(fails_saying(round.wait(), "layer '" + bad.blob.digest.text() + "': unpacked it"));
    EXPECT_EQ(layer_count(), 0U);
    EXPECT_EQ(blobs_.all()->size(), 0U);
}

}  // namespace
}  // namespace sbx::image
