#include "image/import.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "os/file.h"
#include "os/process.h"
#include "store/blobs.h"
#include "support/results.h"
#include "support/tar_writer.h"
#include "support/test_workshop.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::succeeds;
using test::tar_file;

class ImportTest : public testing::Test {
protected:
    Result<store::Image> import(const std::string& archive, const ImportOptions& options = {}) {
        return image::import(test::open_with(folder_, archive), *workshop_, options);
    }
    oci::Manifest manifest_of(const store::Image& image) const {
        const store::Blobs blobs = store::Blobs::open(*workshop_.store()).value();
        const std::string text = blobs.read(image.manifest.digest, 1 << 20).value();
        return std::get<oci::Manifest>(oci::parse_manifest(text, "").value());
    }
    oci::ImageConfig config_of(const store::Image& image) const {
        const store::Blobs blobs = store::Blobs::open(*workshop_.store()).value();
        return oci::ImageConfig::parse(blobs.read(image.id, 1 << 20).value()).value();
    }

    test::TempFolder folder_;
    test::TestWorkshop workshop_;
};

TEST_F(ImportTest, MakesAnImageOfOneLayer) {
    const std::string tar = tar_file("f", "text");
    const Result<store::Image> image = import(
        tar, {.what = "a.tar", .message = "why", .name = oci::Reference::parse("mine:1").value()});
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(workshop_.content_of(*image, "f"), "text|");
    EXPECT_EQ(image->bytes, 4U);
    const oci::ImageConfig config = config_of(*image);
    EXPECT_EQ(config.diff_ids, std::vector{oci::Digest::of(tar)});
    EXPECT_EQ(config.platform.architecture, oci::Platform::native().architecture);
    EXPECT_EQ(config.history[0].created_by, "imported from a.tar");
    EXPECT_EQ(config.history[0].comment, "why");
    EXPECT_EQ(manifest_of(*image).layers[0].digest, oci::Digest::of(tar));
    EXPECT_EQ(store::Images::open(*workshop_.store())->find("mine:1")->id, image->id);
    EXPECT_EQ(workshop_.store().names_at("tmp"), std::vector<std::string>{});
}

TEST_F(ImportTest, AppliesChanges) {
    const Result<store::Image> image =
        import(tar_file("f", ""), {.changes = {"ENV A=1", "CMD [\"sh\"]", "WORKDIR /srv"}});
    ASSERT_TRUE(succeeds(image));
    for (const oci::ImageDefaults& defaults : {image->defaults, config_of(*image).defaults}) {
        EXPECT_EQ(defaults.env, std::vector<std::string>{"A=1"});
        EXPECT_EQ(defaults.cmd, std::vector<std::string>{"sh"});
        EXPECT_EQ(defaults.working_dir, "/srv");
    }
}

TEST_F(ImportTest, RefusesBadChangesBeforeItReads) {
    const Result<store::Image> image =
        image::import(os::FdView::number(-1), *workshop_, {.changes = {"ENV A=1", "FROM scratch"}});
    EXPECT_TRUE(fails_saying(image, "--change 'FROM scratch': "));
    EXPECT_EQ(image.error().kind(), Error::Kind::usage);
}

TEST_F(ImportTest, SaysHowTheLayerIsCompressed) {
    const std::string tar = tar_file("f", "");
    EXPECT_EQ(manifest_of(*import(tar)).layers[0].media_type, oci::media::kLayer);
    EXPECT_EQ(manifest_of(*import(test::gzip_stored(tar))).layers[0].media_type,
              oci::media::kLayerGzip);
    EXPECT_EQ(manifest_of(*import(test::zstd_stored(tar))).layers[0].media_type,
              oci::media::kLayerZstd);
}

TEST_F(ImportTest, ReadsAPipeThatGivesByteByByte) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const os::Fd output(ends[0]);
    os::Fd input(ends[1]);
    Result<os::Process> writer = os::spawn(0, [&] {
        for (const char c : test::gzip_stored(tar_file("f", "text")))
            if (::write(input.get(), &c, 1) != 1) ::_exit(1);
        ::_exit(0);
    });
    input.reset();
    const Result<store::Image> image = image::import(output, *workshop_, {});
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(manifest_of(*image).layers[0].media_type, oci::media::kLayerGzip);
    EXPECT_EQ(workshop_.content_of(*image, "f"), "text|");
}

TEST_F(ImportTest, OfTheSameTwiceSharesTheLayer) {
    const Result<store::Image> one = import(tar_file("f", ""), {.message = "one"});
    const Result<store::Image> two = import(tar_file("f", ""), {.message = "two"});
    ASSERT_TRUE(succeeds(two));
    EXPECT_NE(one->id, two->id);
    EXPECT_EQ(one->layers, two->layers);
    EXPECT_EQ(workshop_.store().names_at("layers/l").size(), 1U);
}

TEST_F(ImportTest, RefusesWhatIsNoRootFileSystem) {
    EXPECT_TRUE(fails_saying(import(""), "the archive is empty"));
    EXPECT_FALSE(import("no archive at all"));
    EXPECT_FALSE(import(std::string(5000, 'x')));
    EXPECT_FALSE(import(test::gzip_stored(tar_file("f", "text")).substr(0, 300)));
    EXPECT_TRUE(fails_saying(import(std::string("\xfd\x37zXZ\0", 6) + "data"), "xz"));
    EXPECT_FALSE(image::import(workshop_.store()->data(), *workshop_, {})) << "a folder";
    EXPECT_EQ(workshop_.left_over(), "");
}

}  // namespace
}  // namespace sbx::image
