// OCI image layouts and docker's archives for tests, well-formed or not.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "oci/manifest.h"
#include "support/files.h"

namespace sbx::test {

using Edit = std::function<std::string(std::string)>;
Edit replacing(std::string from, std::string to);  // the first; fails the test where there is none

// What an image is made of. Layers are plain tar, unless `diff_ids` says what is in them.
struct ImageRecipe {
    std::vector<std::string> layers = {};
    std::vector<std::string> diff_ids = {};  // of the layers, as "sha256:...", where not plain
    std::string layer_type = std::string(oci::media::kLayer);
    oci::Platform platform = oci::Platform::native();
    Json defaults = Json::object();
    Json history = Json::array();
    Edit edit_config = {};  // of the text, before others name it
    Edit edit_manifest = {};

    std::string config() const;
};

Json descriptor_of(std::string_view media_type, std::string_view bytes);

class ImageLayout {
public:
    ImageLayout();

    const std::string& path() const { return folder_.path(); }
    std::string blob_path(std::string_view bytes) const;

    Json add_blob(std::string_view media_type, std::string_view bytes) const;
    Json add_image(const ImageRecipe& recipe) const;  // the descriptor of its manifest
    void add_image(const ImageRecipe& recipe, const std::string& name);

    // Says in index.json that it is there, with this name.
    void list(Json descriptor, const std::string& name = "");

    std::string tar() const;  // all of it as an archive

private:
    TempFolder folder_;
    Json manifests_ = Json::array();
};

// As `docker save` of old made it: its layers are called 0/layer.tar, 1/layer.tar, ...
struct SavedImage {
    ImageRecipe recipe;
    std::vector<std::string> tags = {};
};
std::string docker_archive(const std::vector<SavedImage>& images);

}  // namespace sbx::test
