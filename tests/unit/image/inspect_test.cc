#include "image/inspect.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "store/blobs.h"
#include "store/layers.h"
#include "support/image_layout.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::image {
namespace {

constexpr const char* kCreated = "2024-05-06T07:08:09Z";

Json step(const std::string& by, bool empty) {
    Json json = Json::object();
    json.set("created", kCreated).set("created_by", by).set("empty_layer", empty);
    return json;
}

class InspectTest : public testing::Test {
protected:
    // An image with this configuration, and its layers, in the store.
    store::Image add(const test::ImageRecipe& recipe) {
        const store::Blobs blobs = store::Blobs::open(*store_).value();
        for (const std::string& layer : recipe.layers)
            add_layer(oci::Digest::of(layer), layer.size());
        return {.id = blobs.add(recipe.config()).value(),
                .manifest = {.media_type = std::string(oci::media::kManifest),
                             .digest = oci::Digest::of("manifest")},
                .bytes = 7};
    }
    void add_layer(const oci::Digest& diff_id, std::uint64_t bytes) {
        const store::Layers layers = store::Layers::open(*store_).value();
        const store::Staging staging = store_->stage().value();
        const os::Fd folder = *os::make_directory(staging.directory(), "layer", 0700);
        const Result<store::Layer> layer =
            layers.prepare(folder, {.diff_id = diff_id, .bytes = bytes});
        ASSERT_TRUE(layers.publish(staging.directory(), "layer", *layer));
    }
    // "ID BYTES BY" for each step.
    std::string steps_of(const store::Image& image) {
        const Result<std::vector<Step>> steps = history(*store_, image);
        if (!steps) return steps.error().text();
        std::string text;
        for (const Step& step : *steps)
            text += fmt::format("{} {} {}\n", step.id.substr(0, 9), step.bytes, step.created_by);
        return text;
    }

    test::TempStore store_;
};

TEST_F(InspectTest, ShowsAnImageAsDockerDoes) {
    Json defaults = Json::object();
    defaults.set("Cmd", Json::Strings{"sh"}).set("User", "bob");
    store::Image image = add({.layers = {"abc"},
                              .platform = {.os = "linux", .architecture = "arm64"},
                              .defaults = defaults,
                              .history = Json::array().push(step("COPY", false))});
    image.names = {*oci::Reference::parse("alpine:3"), *oci::Reference::parse("alpine:latest")};
    const Result<Json> json = inspect(*store_, image);
    ASSERT_TRUE(test::succeeds(json));
    EXPECT_EQ((*json)["Id"].dump(), '"' + image.id.text() + '"');
    EXPECT_EQ((*json)["RepoTags"].dump(),
              R"(["docker.io/library/alpine:3","docker.io/library/alpine:latest"])");
    EXPECT_EQ((*json)["RepoDigests"].dump(),
              R"(["docker.io/library/alpine@)" + oci::Digest::of("manifest").text() + "\"]");
    EXPECT_EQ((*json)["Architecture"].dump(), "\"arm64\"");
    EXPECT_EQ((*json)["Size"].dump(), "7");
    EXPECT_EQ((*json)["User"].dump(), "\"bob\"");
    EXPECT_EQ((*json)["Config"]["Cmd"].dump(), R"(["sh"])");
    EXPECT_EQ((*json)["RootFS"]["Layers"].dump(), "[\"" + oci::Digest::of("abc").text() + "\"]");
    EXPECT_EQ((*json)["History"].items().size(), 1U);
}

TEST_F(InspectTest, GivesTheLayersToTheStepsThatMadeThem) {
    const store::Image image = add({.layers = {"1", "four"},
                                    .history = Json::array()
                                                   .push(step("FROM", false))
                                                   .push(step("ENV", true))
                                                   .push(step("COPY", false))
                                                   .push(step("CMD", true))});
    EXPECT_EQ(steps_of(image), image.id.hex().substr(0, 9) +
                                   " 0 CMD\n<missing> 4 COPY\n<missing> 0 ENV\n<missing> 1 FROM\n");
}

TEST_F(InspectTest, AHistoryThatDoesNotFitTheLayersDoesNoHarm) {
    const store::Image more = add({.layers = {"1", "four"}});
    EXPECT_EQ(steps_of(more), more.id.hex().substr(0, 9) + " 4 \n<missing> 1 \n");
    const store::Image less =
        add({.history = Json::array().push(step("A", false)).push(step("B", false))});
    EXPECT_EQ(steps_of(less), less.id.hex().substr(0, 9) + " 0 B\n<missing> 0 A\n");
    EXPECT_EQ(steps_of(add({})), "") << "of no step and no layer";
}

TEST_F(InspectTest, SaysWhatIsWrongWithTheConfiguration) {
    const store::Image image = add({});
    test::make_file(store_.at("images/blobs/sha256/" + image.id.hex()), "{}");
    EXPECT_TRUE(test::fails_saying(inspect(*store_, image), "is damaged"));
    ASSERT_TRUE(store::Blobs::open(*store_)->remove(image.id));
    EXPECT_TRUE(test::fails_saying(inspect(*store_, image), "open blob 'sha256:"));
    EXPECT_TRUE(test::fails_saying(history(*store_, image), "open blob 'sha256:"));
}

}  // namespace
}  // namespace sbx::image
