#include "support/image_layout.h"

#include <gtest/gtest.h>

#include "support/tar_writer.h"
#include "support/temp_store.h"

namespace sbx::test {

Edit replacing(std::string from, std::string to) {
    return [from = std::move(from), to = std::move(to)](std::string text) {
        const std::size_t at = text.find(from);
        EXPECT_NE(at, text.npos) << from << " is not in " << text;
        if (at != text.npos) text.replace(at, from.size(), to);
        return text;
    };
}

static std::string edited(const Edit& edit, std::string text) {
    return edit ? edit(std::move(text)) : text;
}

Json descriptor_of(std::string_view media_type, std::string_view bytes) {
    Json json = Json::object();
    json.set("mediaType", media_type)
        .set("digest", oci::Digest::of(bytes).text())
        .set("size", std::uint64_t{bytes.size()});
    return json;
}

std::string ImageRecipe::config() const {
    Json ids = Json::array();
    if (diff_ids.empty())
        for (const std::string& layer : layers)
            ids.push(oci::Digest::of(layer).text());
    for (const std::string& id : diff_ids)
        ids.push(id);
    Json json = Json::object();
    json.set("architecture", platform.architecture)
        .set("os", platform.os)
        .set("config", defaults)
        .set("rootfs", Json::object().set("type", "layers").set("diff_ids", std::move(ids)))
        .set("history", history);
    return edited(edit_config, json.dump());
}

ImageLayout::ImageLayout() {
    make_folder(folder_.at("blobs"));
    make_folder(folder_.at("blobs/sha256"));
    make_file(folder_.at("oci-layout"), R"({"imageLayoutVersion":"1.0.0"})");
    make_file(folder_.at("index.json"), R"({"schemaVersion":2,"manifests":[]})");
}

std::string ImageLayout::blob_path(std::string_view bytes) const {
    return folder_.at("blobs/sha256/" + oci::Digest::of(bytes).hex());
}

Json ImageLayout::add_blob(std::string_view media_type, std::string_view bytes) const {
    make_file(blob_path(bytes), bytes);
    return descriptor_of(media_type, bytes);
}

Json ImageLayout::add_image(const ImageRecipe& recipe) const {
    Json layers = Json::array();
    for (const std::string& layer : recipe.layers)
        layers.push(add_blob(recipe.layer_type, layer));
    Json manifest = Json::object();
    manifest.set("schemaVersion", 2)
        .set("mediaType", oci::media::kManifest)
        .set("config", add_blob(oci::media::kConfig, recipe.config()))
        .set("layers", std::move(layers));
    return add_blob(oci::media::kManifest, edited(recipe.edit_manifest, manifest.dump()));
}

void ImageLayout::add_image(const ImageRecipe& recipe, const std::string& name) {
    list(add_image(recipe), name);
}

void ImageLayout::list(Json descriptor, const std::string& name) {
    if (!name.empty())
        descriptor.set("annotations",
                       Json::object().set("org.opencontainers.image.ref.name", name));
    manifests_.push(std::move(descriptor));
    make_file(folder_.at("index.json"),
              Json::object().set("schemaVersion", 2).set("manifests", manifests_).dump());
}

std::string ImageLayout::tar() const {
    std::string tar;
    for (const char* name : {"oci-layout", "index.json"})
        tar += tar_file(name, bytes_of(folder_.at(name)));
    for (const std::string& hex : names_in_folder(folder_.at("blobs/sha256")))
        tar += tar_file("blobs/sha256/" + hex, bytes_of(folder_.at("blobs/sha256/" + hex)));
    return tar + tar_end();
}

std::string docker_archive(const std::vector<SavedImage>& images) {
    std::string tar;
    Json list = Json::array();
    int number = 0;
    for (const SavedImage& image : images) {
        const std::string config = image.recipe.config();
        const std::string config_name = oci::Digest::of(config).hex() + ".json";
        tar += tar_file(config_name, config);
        Json::Strings layers;
        for (const std::string& layer : image.recipe.layers) {
            layers.push_back(fmt::format("{}/layer.tar", number++));
            tar += tar_file(layers.back(), layer);
        }
        list.push(Json::object()
                      .set("Config", config_name)
                      .set("RepoTags", image.tags)
                      .set("Layers", layers));
    }
    return tar + tar_file("manifest.json", list.dump()) + tar_end();
}

}  // namespace sbx::test
