#include "image/archive_source.h"

#include <gtest/gtest.h>

#include "image/documents.h"
#include "support/image_layout.h"
#include "support/memory_sink.h"
#include "support/results.h"
#include "support/tar_writer.h"
#include "support/test_workshop.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::ImageRecipe;
using test::succeeds;
using test::tar_file;

class ArchiveSourceTest : public testing::Test {
protected:
    // The images in an archive, which stays open as long as this.
    Result<std::vector<ArchivedImage>> images(const std::string& archive) {
        staging_.emplace(workshop_.store()->stage().value());
        members_.emplace(TRY(Members::extract(test::open_with(folder_, archive),
                                              staging_->directory(), *workshop_)));
        return images_in(*members_);
    }
    static Result<Documents> documents(ArchivedImage& image) {
        return fetch_documents(image.source, oci::Platform::native());
    }

    test::TempFolder folder_;
    test::TestWorkshop workshop_;
    std::optional<store::Staging> staging_;
    std::optional<Members> members_;
};

TEST_F(ArchiveSourceTest, MakesAManifestForWhatDockerSaved) {
    const std::string plain = tar_file("f", "1");
    const std::string gzip = test::gzip_stored(tar_file("f", "2"));
    const std::string zstd = test::zstd_stored(tar_file("f", "3"));
    const std::string id = oci::Digest::of("x").text();
    Result<std::vector<ArchivedImage>> found = images(test::docker_archive(
        {{.recipe = {.layers = {plain, gzip, zstd}, .diff_ids = {id, id, id}}, .tags = {"a:b"}}}));
    ASSERT_TRUE(succeeds(found));
    EXPECT_EQ(found->front().names, std::vector<std::string>{"a:b"});
    const Result<Documents> read = documents(found->front());
    ASSERT_TRUE(succeeds(read));
    EXPECT_EQ(read->manifest.layers[0].media_type, oci::media::kLayer);
    EXPECT_EQ(read->manifest.layers[1].media_type, oci::media::kLayerGzip);
    EXPECT_EQ(read->manifest.layers[2].media_type, oci::media::kLayerZstd);
    EXPECT_EQ(read->manifest.layers[1].digest, oci::Digest::of(gzip));
    test::MemorySink sink;
    ASSERT_TRUE(succeeds(found->front().source.fetch(read->manifest.layers[2], 5, sink)));
    EXPECT_EQ(sink.bytes, zstd.substr(5));
}

TEST_F(ArchiveSourceTest, MakesTheSameManifestEachTime) {
    const std::string archive = test::docker_archive({{.recipe = {.layers = {"x"}}}});
    const Document once = images(archive)->front().source.top().value();
    const Document again = images(archive)->front().source.top().value();
    EXPECT_EQ(once.bytes, again.bytes);
}

TEST_F(ArchiveSourceTest, ReadsTheNamesOfALayoutsEntries) {
    test::ImageLayout layout;
    layout.add_image({.layers = {"1"}}, "one");
    Json two = layout.add_image({.layers = {"2"}});
    two.set("annotations", Json::object()
                               .set("org.opencontainers.image.ref.name", "latest")
                               .set("io.containerd.image.name", "quay.io/a/b:latest"));
    layout.list(two);
    const Result<std::vector<ArchivedImage>> found = images(layout.tar());
    ASSERT_TRUE(succeeds(found));
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ((*found)[0].names, std::vector<std::string>{"one"});
    EXPECT_EQ((*found)[1].names, std::vector<std::string>{"quay.io/a/b:latest"});
}

TEST_F(ArchiveSourceTest, RefusesALayoutWhoseManifestsAreOthers) {
    test::ImageLayout layout;
    const Json entry = layout.add_image({});
    layout.list(entry, "x");
    const std::string hex = entry["digest"].as_string()->substr(7);
    test::make_file(layout.path() + "/blobs/sha256/" + hex, "{}");
    EXPECT_TRUE(fails_saying(images(layout.tar()), "has another content than its name says"));
}

TEST_F(ArchiveSourceTest, RefusesMoreLayersThanOverlayTakes) {
    const std::string archive =
        test::docker_archive({{.recipe = {.layers = std::vector<std::string>(501, "x")}}});
    EXPECT_TRUE(fails_saying(images(archive), "it has more than 500 layers"));
}

TEST_F(ArchiveSourceTest, RefusesLayersThatAreNotSupported) {
    const std::string xz("\xfd\x37zXZ\0", 6);
    EXPECT_TRUE(
        fails_saying(images(test::docker_archive({{.recipe = {.layers = {xz + "data"}}}})), "xz"));
}

TEST_F(ArchiveSourceTest, TakesAnEmptyLayer) {
    Result<std::vector<ArchivedImage>> found =
        images(test::docker_archive({{.recipe = {.layers = {""}}}}));
    ASSERT_TRUE(succeeds(found));
    EXPECT_EQ(documents(found->front())->manifest.layers[0].size, 0U);
}

}  // namespace
}  // namespace sbx::image
