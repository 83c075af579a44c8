#include "image/load.h"

#include <gtest/gtest.h>

#include "support/image_layout.h"
#include "support/results.h"
#include "support/tar_writer.h"
#include "support/test_workshop.h"

namespace sbx::image {
namespace {

using test::docker_archive;
using test::fails_saying;
using test::ImageRecipe;
using test::succeeds;
using test::tar_file;

class LoadTest : public testing::Test {
protected:
    // "NAME NAME CONTENT|CONTENT|" for each image, or the words of the failure.
    std::string load(const std::string& archive) {
        const Result<std::vector<Loaded>> loaded = image::load(
            test::open_with(folder_, archive), "a.tar", *workshop_, oci::Platform::native());
        if (!loaded) return loaded.error().text();
        std::string text;
        for (const Loaded& one : *loaded) {
            for (const oci::Reference& name : one.names)
                text += name.familiar() + " ";
            text += workshop_.content_of(one.image, "f") + "\n";
        }
        return text;
    }
    Result<store::Image> pull(const std::string& text) {
        const Result<std::optional<Transport>> transport = parse_transport(text);
        return pull_from(transport->value(), *workshop_, oci::Platform::native());
    }
    std::string names_of(const Result<store::Image>& image) const {
        if (!image) return image.error().text();
        const store::Images images = store::Images::open(*workshop_.store()).value();
        const Result<store::Image> found = images.find(image->id.text());
        std::string names;
        for (const oci::Reference& name : found->names)
            names += name.text() + " ";
        return names;
    }

    static std::string layer(const std::string& content) { return tar_file("f", content); }

    test::TempFolder folder_;
    test::TestWorkshop workshop_;
};

TEST_F(LoadTest, TakesAllImagesOfADockerArchive) {
    EXPECT_EQ(load(docker_archive(
                  {{.recipe = {.layers = {layer("a"), layer("b")}}, .tags = {"app:1", "app:2"}},
                   {.recipe = {.layers = {layer("a")}}, .tags = {"quay.io/x/base:latest"}},
                   {.recipe = {.layers = {layer("c")}}}})),
              "app:1 app:2 b|a|\n"
              "quay.io/x/base:latest a|\n"
              "c|\n");
    EXPECT_EQ(workshop_.store().names_at("tmp"), std::vector<std::string>{});
}

TEST_F(LoadTest, TakesADanglingImageAndCompressedLayers) {
    const std::string diff_id = oci::Digest::of(layer("x")).text();
    const ImageRecipe recipe{.layers = {test::gzip_stored(layer("x"))}, .diff_ids = {diff_id}};
    EXPECT_EQ(load(docker_archive({{.recipe = recipe}})), "x|\n");
    EXPECT_EQ(load(test::zstd_stored(docker_archive({{.recipe = {.layers = {layer("y")}}}}))),
              "y|\n");
}

TEST_F(LoadTest, TakesTheImagesOfALayout) {
    test::ImageLayout layout;
    layout.add_image({.layers = {layer("a")}}, "quay.io/x/app:1");
    layout.list(layout.add_image({.layers = {layer("b")}}));
    EXPECT_EQ(load(layout.tar()), "quay.io/x/app:1 a|\nb|\n");
}

TEST_F(LoadTest, PutsASingleWordBelowLocalhost) {
    test::ImageLayout layout;
    layout.add_image({.layers = {layer("a")}}, "alpine");
    EXPECT_EQ(load(layout.tar()), "localhost/alpine:latest a|\n");
    test::make_file(folder_.at("oci.tar"), layout.tar());
    EXPECT_EQ(names_of(pull("oci-archive:" + folder_.at("oci.tar") + ":alpine")),
              "localhost/alpine:latest ");
}

TEST_F(LoadTest, TakesALayerThatIsALinkToAnother) {
    const ImageRecipe recipe{.layers = {layer("a")}};
    const std::string config = recipe.config();
    const std::string list = R"([{"Config":"c.json","RepoTags":null,"Layers":["1/layer.tar"]}])";
    EXPECT_EQ(
        load(tar_file("c.json", config) + tar_file("0/layer.tar", layer("a")) +
             test::tar_symlink("1/layer.tar", "../0/layer.tar") + tar_file("manifest.json", list)),
        "a|\n");
}

TEST_F(LoadTest, RefusesWhatIsNoArchiveOfImages) {
    EXPECT_EQ(load(tar_file("etc/passwd", "")),
              "reading 'a.tar': it has neither a manifest.json nor an index.json");
    EXPECT_TRUE(load("text").starts_with("reading 'a.tar': ")) << load("text");
    EXPECT_TRUE(load(tar_file("manifest.json", "{")).starts_with("reading 'a.tar': manifest.json"));
    EXPECT_TRUE(load(tar_file("index.json", "[]")).starts_with("reading 'a.tar': index.json"));
    EXPECT_EQ(workshop_.left_over(), "");
}

TEST_F(LoadTest, NamesWhatADockerArchiveLacks) {
    const auto archive = [](const std::string& entry) {
        return tar_file("c.json", ImageRecipe().config()) +
               tar_file("manifest.json", "[" + entry + "]");
    };
    EXPECT_EQ(load(archive("{}")), "reading 'a.tar': manifest.json: 'Config' is missing");
    EXPECT_EQ(load(archive(R"({"Config":"../../etc/passwd"})")),
              "reading 'a.tar': manifest.json: the archive has no file '../../etc/passwd'");
    EXPECT_EQ(load(archive(R"({"Config":"c.json","Layers":["/etc/passwd"]})")),
              "reading 'a.tar': manifest.json: the archive has no file '/etc/passwd'");
    EXPECT_TRUE(load(archive(R"({"Config":"c.json","Layers":"c.json"})")).contains("'Layers' is"));
}

TEST_F(LoadTest, RefusesLayersThatAreNotThoseOfTheConfiguration) {
    ImageRecipe recipe{.layers = {layer("a")}, .diff_ids = {oci::Digest::of("b").text()}};
    const std::string words = load(docker_archive({{.recipe = recipe, .tags = {"evil"}}}));
    EXPECT_TRUE(words.contains("unpacked it is '" + oci::Digest::of(layer("a")).text())) << words;
    recipe.diff_ids.push_back(recipe.diff_ids.front());
    EXPECT_EQ(load(docker_archive({{.recipe = recipe}})),
              "loading 'a.tar': the manifest names 1 layers, and the configuration 2 diff ids");
    EXPECT_EQ(workshop_.left_over(), "");
}

TEST_F(LoadTest, RefusesABadNameBeforeItTakesTheImage) {
    EXPECT_TRUE(load(docker_archive({{.recipe = {.layers = {layer("a")}}, .tags = {"../evil"}}}))
                    .starts_with("loading 'a.tar': "));
    EXPECT_EQ(workshop_.left_over(), "");
}

TEST_F(LoadTest, RefusesALayoutWithOtherBytes) {
    test::ImageLayout layout;
    layout.add_image({.layers = {layer("a")}}, "x");
    test::make_file(layout.blob_path(layer("a")), layer("b"));
    const std::string words = load(layout.tar());
    EXPECT_TRUE(words.ends_with("': the content is not what its digest says")) << words;
    EXPECT_EQ(workshop_.left_over(), "");
    EXPECT_EQ(workshop_.store().names_at("partial"), std::vector<std::string>{});
}

TEST(Transport, IsNamedBeforeItsFile) {
    const Result<std::optional<Transport>> layout = parse_transport("oci:/a/b:alpine:3.18");
    EXPECT_EQ((*layout)->kind, Transport::Kind::layout);
    EXPECT_EQ((*layout)->path, "/a/b");
    EXPECT_EQ((*layout)->tag, "alpine:3.18");
    EXPECT_EQ(parse_transport("docker-archive:x.tar")->value().tag, "");
    EXPECT_EQ(parse_transport("oci-archive:x.tar:t")->value().kind, Transport::Kind::archive);
    EXPECT_FALSE(parse_transport("alpine:3").value());
    for (const char* other : {"dir:lay", "containers-storage:foo", "docker-daemon:x:1"}) {
        const auto refused = parse_transport(other);
        EXPECT_TRUE(fails_saying(refused, "is not supported"));
        EXPECT_TRUE(refused.error().hint().contains("oci-archive:"));
    }
    EXPECT_TRUE(fails_saying(parse_transport("oci:"), "'oci:': it names no file"));
    EXPECT_TRUE(fails_saying(parse_transport("oci::tag"), "it names no file"));
    EXPECT_EQ(registry_name("docker://quay.io/a"), "quay.io/a");
}

TEST(LocalName, IsTheTagsOrTheFiles) {
    const auto name = [](const char* path, const char* tag) {
        const Result<oci::Reference> reference = local_name(path, tag);
        return reference ? reference->text() : reference.error().text();
    };
    EXPECT_EQ(name("/a/App.tar.gz", ""), "localhost/app:latest");
    EXPECT_EQ(name("dir/", "1.0"), "localhost/dir:1.0");
    EXPECT_EQ(name("dir", "quay.io/a/b:c"), "quay.io/a/b:c");
    EXPECT_EQ(name("dir", "alpine:3.18"), "docker.io/library/alpine:3.18");
}

TEST_F(LoadTest, PullsOneImageOfALayout) {
    test::ImageLayout layout;
    layout.add_image({.layers = {layer("a")}}, "quay.io/x/app:1");
    EXPECT_EQ(names_of(pull("oci:" + layout.path())), "quay.io/x/app:1 ");
    layout.add_image({.layers = {layer("b")}}, "alpine:3.18");
    EXPECT_EQ(names_of(pull("oci:" + layout.path() + ":alpine:3.18")),
              "docker.io/library/alpine:3.18 ");
    EXPECT_TRUE(fails_saying(pull("oci:" + layout.path()),
                             "cannot pull 'oci:" + layout.path() + "': the layout has 2 images"));
    EXPECT_TRUE(fails_saying(pull("oci:" + layout.path() + "/none"), "No such file"));
}

TEST_F(LoadTest, PullsOneImageOfAnArchive) {
    test::make_file(folder_.at("two.tar"),
                    docker_archive({{.recipe = {.layers = {layer("a")}}, .tags = {"app:1"}},
                                    {.recipe = {.layers = {layer("b")}}, .tags = {"other:1"}}}));
    const std::string from = "docker-archive:" + folder_.at("two.tar");
    EXPECT_EQ(names_of(pull(from + ":other:1")), "docker.io/library/other:1 ");
    EXPECT_TRUE(fails_saying(pull(from), "the archive has 2 such images; say which one"));
    EXPECT_TRUE(fails_saying(pull(from + ":none"), "the archive has no image 'none'"));
    test::make_file(folder_.at("one.tar"), docker_archive({{.recipe = {.layers = {layer("c")}}}}));
    EXPECT_EQ(names_of(pull("docker-archive:" + folder_.at("one.tar"))), "localhost/one:latest ");
}

}  // namespace
}  // namespace sbx::image
