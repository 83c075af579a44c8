#include "image/layer_blob.h"

#include <gtest/gtest.h>

#include "archive/gzip.h"
#include "os/file.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::image {
namespace {

class Broken final : public archive::Reader {
public:
    Result<std::size_t> read(std::span<char>) override {
        return Error(Error::Kind::failed, "the tree is gone");
    }
};

class LayerBlobTest : public testing::Test {
protected:
    Result<LayerBlob> make(const std::string& tar, const std::string& name) const {
        archive::TextReader text(tar);
        return make_layer_blob(text, folder_.fd(), name);
    }

    test::TempFolder folder_;
};

TEST_F(LayerBlobTest, IsTheArchiveCompressed) {
    const std::string tar(1'000'000, 'x');
    const Result<LayerBlob> made = make(tar, "blob");
    ASSERT_TRUE(test::succeeds(made));
    EXPECT_EQ(made->diff_id, oci::Digest::of(tar));
    EXPECT_EQ(made->blob.media_type, oci::media::kLayerGzip);
    const std::string blob = test::bytes_of(folder_.at("blob"));
    EXPECT_EQ(made->blob.digest, oci::Digest::of(blob));
    EXPECT_EQ(made->blob.size, blob.size());
    archive::GzipReader gzip(std::make_unique<archive::TextReader>(blob));
    std::string inflated(tar.size() + 1, '\0');
    EXPECT_EQ(archive::read_full(gzip, inflated).value_or(0), tar.size());
}

TEST_F(LayerBlobTest, OfTheSameIsTheSame) {
    EXPECT_EQ(make("text", "one")->blob.digest, make("text", "two")->blob.digest);
}

TEST_F(LayerBlobTest, IsNotMadeOverAnother) {
    test::make_file(folder_.at("blob"), "mine");
    EXPECT_TRUE(test::fails_saying(make("text", "blob"), "make room for the layer"));
    EXPECT_EQ(test::bytes_of(folder_.at("blob")), "mine");
}

TEST_F(LayerBlobTest, IsNothingWhereTheArchiveEndsEarly) {
    Broken broken;
    EXPECT_TRUE(
        test::fails_saying(make_layer_blob(broken, folder_.fd(), "blob"), "the tree is gone"));
}

}  // namespace
}  // namespace sbx::image
