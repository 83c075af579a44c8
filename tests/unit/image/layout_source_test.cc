#include "image/layout_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/image_layout.h"
#include "support/memory_sink.h"
#include "support/results.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::succeeds;

class LayoutSourceTest : public testing::Test {
protected:
    Result<LayoutSource> open(const std::string& tag) const {
        os::Root root = TRY(os::Root::open(layout_.path()));
        return LayoutSource::open(std::move(root), tag);
    }
    // The bytes of the one layer from `from` on, or the words of the failure.
    std::string fetched(std::uint64_t from = 0) const {
        Result<LayoutSource> source = open("");
        test::MemorySink sink;
        const oci::Descriptor blob{.media_type = "", .digest = oci::Digest::of(kLayer), .size = 7};
        const Result<> started = source->fetch(blob, from, sink);
        if (!started) return started.error().text();
        return sink.ends == 1 && sink.outcome ? sink.bytes : "no end";
    }

    const std::string kLayer = "a layer";
    test::ImageLayout layout_;
};

TEST_F(LayoutSourceTest, BringsDocumentsAndBlobs) {
    layout_.add_image({.layers = {kLayer}}, "latest");
    Result<LayoutSource> source = open("latest");
    ASSERT_TRUE(succeeds(source));
    EXPECT_EQ(source->name(), "latest");
    const Result<Document> top = source->top();
    ASSERT_TRUE(succeeds(top));
    EXPECT_EQ(top->media_type, oci::media::kManifest);
    EXPECT_TRUE(top->bytes.contains(oci::Digest::of(kLayer).text()));
    EXPECT_EQ(fetched(), "a layer");
    EXPECT_EQ(fetched(2), "layer");
    EXPECT_EQ(fetched(7), "");
}

TEST_F(LayoutSourceTest, TakesTheEntryThatIsMeant) {
    layout_.add_image({.layers = {"1"}}, "one");
    layout_.add_image({.layers = {"2"}}, "two");
    const Json unnamed = layout_.add_image({.layers = {"3"}});
    layout_.list(unnamed);
    EXPECT_TRUE(open("two")->top()->bytes.contains(oci::Digest::of("2").text()));
    const Result<LayoutSource> many = open("");
    EXPECT_TRUE(fails_saying(many, "the layout has 3 images; say which one"));
    EXPECT_EQ(many.error().hint(), "they are called one, two, " + *unnamed["digest"].as_string());
    const Result<LayoutSource> none = open("three");
    EXPECT_TRUE(fails_saying(none, "the layout has no image 'three', only one, two"));
    EXPECT_EQ(none.error().kind(), Error::Kind::not_found);
}

TEST_F(LayoutSourceTest, TakesAnEntryByItsDigest) {
    layout_.add_image({.layers = {"1"}}, "one");
    const Json two = layout_.add_image({.layers = {"2"}});
    layout_.list(two);
    const Result<LayoutSource> source = open(*two["digest"].as_string());
    ASSERT_TRUE(succeeds(source));
    EXPECT_EQ(source->name(), "");
}

TEST_F(LayoutSourceTest, WithoutImagesSaysSo) {
    EXPECT_TRUE(fails_saying(open(""), "the layout has no image"));
    EXPECT_TRUE(fails_saying(open("x"), "the layout has no image 'x', nor any other"));
}

TEST_F(LayoutSourceTest, NamesInItAreMadeSafeToShow) {
    layout_.add_image({}, "\x1b[2J");
    EXPECT_TRUE(fails_saying(open("x"), "only \\x1b[2J"));
}

TEST_F(LayoutSourceTest, RefusesAnIndexThatIsNone) {
    for (const char* bad : {"", "{", "[]", R"({"schemaVersion":1,"manifests":[]})",
                            R"({"schemaVersion":2,"manifests":[{"digest":"md5:1"}]})",
                            R"({"schemaVersion":2,"manifests":[],"layers":[],"config":{}})"}) {
        test::make_file(layout_.path() + "/index.json", bad);
        EXPECT_TRUE(fails_saying(open(""), "index.json")) << bad;
    }
    ASSERT_EQ(::unlink((layout_.path() + "/index.json").c_str()), 0);
    EXPECT_TRUE(fails_saying(open(""), "it is no image layout: it has no index.json"));
    test::make_fifo(layout_.path() + "/index.json");
    EXPECT_FALSE(open("")) << "and does not wait for anybody to write";
}

TEST_F(LayoutSourceTest, LinksLeadNowhereOutsideIt) {
    layout_.add_image({.layers = {kLayer}}, "it");
    const test::TempFolder outside;
    test::make_file(outside.at("secret"), kLayer);
    const std::string blob = layout_.blob_path(kLayer);
    for (const std::string& target : {outside.at("secret"), "../../../.." + outside.at("secret")}) {
        ASSERT_EQ(::unlink(blob.c_str()), 0);
        test::make_link(blob, target);
        EXPECT_TRUE(fetched().contains("No such file")) << fetched();
    }
    ASSERT_EQ(::unlink((layout_.path() + "/index.json").c_str()), 0);
    test::make_link(layout_.path() + "/index.json", outside.at("secret"));
    EXPECT_FALSE(open(""));
}

TEST_F(LayoutSourceTest, RefusesBlobsThatAreNoFilesOfTheirSize) {
    layout_.add_image({.layers = {kLayer}}, "it");
    const std::string blob = layout_.blob_path(kLayer);
    const std::string name = "blob '" + oci::Digest::of(kLayer).text() + "' ";
    test::make_file(blob, "a layer and more");
    EXPECT_EQ(fetched(), name + "has 16 bytes, where 7 belong");
    ASSERT_EQ(::unlink(blob.c_str()), 0);
    EXPECT_TRUE(fetched().contains("No such file"));
    test::make_fifo(blob);
    EXPECT_EQ(fetched(), name + "is not a regular file");
    ASSERT_EQ(::unlink(blob.c_str()), 0);
    test::make_folder(blob);
    EXPECT_EQ(fetched(), name + "is not a regular file");
}

TEST_F(LayoutSourceTest, RefusesAManifestOfAnotherContent) {
    const Json entry = layout_.add_image({.layers = {kLayer}});
    layout_.list(entry, "it");
    Result<LayoutSource> source = open("it");
    const std::string hex = entry["digest"].as_string()->substr(7);
    test::make_file(layout_.path() + "/blobs/sha256/" + hex, "{}");
    EXPECT_TRUE(fails_saying(source->top(), "has another content than its name says"));
}

}  // namespace
}  // namespace sbx::image
