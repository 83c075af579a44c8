#include "image/inspect.h"

#include <algorithm>
#include <set>

#include "oci/manifest.h"
#include "store/blobs.h"
#include "store/layers.h"

namespace sbx::image {

static Result<oci::ImageConfig> config_of(const store::Store& store, const store::Image& image) {
    const store::Blobs blobs = TRY(store::Blobs::open(store));
    const std::string bytes = TRY(blobs.read(image.id, oci::kLargestConfig));
    return oci::ImageConfig::parse(bytes);
}

static Json names_of(const store::Image& image) {
    Json names = Json::array();
    for (const oci::Reference& name : image.names)
        names.push(name.text());
    return names;
}

static Json digests_of(const store::Image& image) {
    std::set<std::string> digests;  // several tags of a repository are one
    for (const oci::Reference& name : image.names)
        digests.insert(name.repository() + "@" + image.manifest.digest.text());
    return Json::Strings(digests.begin(), digests.end());
}

static Json history_of(const oci::ImageConfig& config) {
    Json entries = Json::array();
    for (const oci::HistoryEntry& entry : config.history) {
        Json json = Json::object();
        if (entry.created) json.set("created", rfc3339(*entry.created));
        json.set("created_by", entry.created_by);
        if (!entry.comment.empty()) json.set("comment", entry.comment);
        if (entry.empty_layer) json.set("empty_layer", true);
        entries.push(std::move(json));
    }
    return entries;
}

Result<Json> inspect(const store::Store& store, const store::Image& image) {
    const oci::ImageConfig config = TRY(config_of(store, image));
    Json diff_ids = Json::array();
    for (const oci::Digest& diff_id : config.diff_ids)
        diff_ids.push(diff_id.text());
    Json json = Json::object();
    json.set("Id", image.id.text())
        .set("Digest", image.manifest.digest.text())
        .set("RepoTags", names_of(image))
        .set("RepoDigests", digests_of(image))
        .set("Created", config.created ? rfc3339(*config.created) : "")
        .set("Author", config.author)
        .set("Architecture", config.platform.architecture)
        .set("Os", config.platform.os)
        .set("Size", image.bytes)
        .set("Config", config.defaults.to_json())
        .set("Labels", config.defaults.labels)
        .set("User", config.defaults.user)
        .set("ManifestType", image.manifest.media_type)
        .set("RootFS", Json::object().set("Type", "layers").set("Layers", std::move(diff_ids)))
        .set("History", history_of(config));
    if (!config.platform.variant.empty()) json.set("Variant", config.platform.variant);
    return json;
}

static Result<std::vector<std::uint64_t>> layer_sizes(const store::Store& store,
                                                      const oci::ImageConfig& config) {
    const store::Layers layers = TRY(store::Layers::open(store));
    std::vector<std::uint64_t> sizes;
    for (const oci::Digest& diff_id : config.diff_ids) {
        const std::optional<store::Layer> layer = TRY(layers.find(diff_id));
        sizes.push_back(layer ? layer->bytes : 0);
    }
    return sizes;
}

Result<std::vector<Step>> history(const store::Store& store, const store::Image& image) {
    const oci::ImageConfig config = TRY(config_of(store, image));
    const std::vector<std::uint64_t> sizes = TRY(layer_sizes(store, config));
    std::vector<Step> steps;
    std::size_t layer = 0;
    for (const oci::HistoryEntry& entry : config.history) {
        const bool has_layer = !entry.empty_layer && layer < sizes.size();
        steps.push_back({.id = "<missing>",
                         .created = entry.created,
                         .created_by = entry.created_by,
                         .comment = entry.comment,
                         .bytes = has_layer ? sizes[layer] : 0});
        if (!entry.empty_layer) ++layer;
    }
    for (; layer < sizes.size(); ++layer)  // images without a history have layers all the same
        steps.push_back({.id = "<missing>", .created = config.created, .bytes = sizes[layer]});
    std::ranges::reverse(steps);
    if (!steps.empty()) steps.front().id = image.id.hex();
    return steps;
}

}  // namespace sbx::image
