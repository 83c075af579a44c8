#include "oci/manifest.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sbx::oci {

static constexpr std::size_t kMostManifests = 1000;

bool is_index(std::string_view media_type) {
    return media_type == media::kIndex || media_type == media::kDockerIndex;
}

bool is_layer(std::string_view media_type) {
    constexpr std::array kKinds = {media::kLayer, media::kLayerGzip, media::kLayerZstd,
                                   media::kDockerLayer, media::kDockerLayerPlain};
    return std::ranges::find(kKinds, media_type) != kKinds.end();
}

Result<Descriptor> Descriptor::from_json(const Json& json) {
    if (!json.as_object()) return Error(Error::Kind::usage, "a descriptor is not an object");
    const std::string text = TRY(json.get<std::string>("digest"));
    std::string media_type = TRY(json.get_or<std::string>("mediaType", ""));
    Digest digest = TRY(Digest::parse(text));
    const auto size = TRY(json.get<std::uint64_t>("size"));
    Descriptor descriptor{
        .media_type = std::move(media_type), .digest = std::move(digest), .size = size};
    if (descriptor.size > static_cast<std::uint64_t>(INT64_MAX))
        return Error(Error::Kind::usage, "'size' is {}, which no blob has", descriptor.size);
    descriptor.annotations = TRY(json.get_or<Json::Map>("annotations", {}));
    if (const Json* platform = json.find("platform"))
        descriptor.platform = TRY(Platform::from_json(*platform));
    return descriptor;
}

Json Descriptor::to_json() const {
    Json json = Json::object();
    json.set("mediaType", media_type).set("digest", digest.text()).set("size", size);
    if (platform) json.set("platform", platform->to_json());
    if (!annotations.empty()) json.set("annotations", annotations);
    return json;
}

static std::string_view without_parameters(std::string_view content_type) {
    return trim(content_type.substr(0, content_type.find(';')));
}

// What the document is: by its own word and by that of whoever brought it, which must agree.
static Result<std::string> media_type_of(const Json& json, std::string_view content_type) {
    std::string own = TRY(json.get_or<std::string>("mediaType", ""));
    const std::string_view brought = without_parameters(content_type);
    constexpr std::array kKnown = {media::kManifest, media::kIndex, media::kDockerManifest,
                                   media::kDockerIndex};
    const auto is_known = [&](std::string_view t) {
        return std::ranges::find(kKnown, t) != kKnown.end();
    };
    if (!own.empty() && is_known(brought) && own != brought)
        return Error(Error::Kind::usage, "it says it is '{}', but came as '{}'", excerpt(own),
                     excerpt(brought));
    if (!own.empty()) return own;
    if (is_known(brought)) return std::string(brought);
    return std::string(json.find("manifests") ? media::kIndex : media::kManifest);
}

static Result<std::vector<Descriptor>> descriptors(const Json& json, std::string_view key,
                                                   std::size_t most) {
    if (!json[key].as_array()) return Error(Error::Kind::usage, "'{}' is not an array", key);
    const Json::Array& items = json[key].items();
    if (items.size() > most)
        return Error(Error::Kind::unsupported, "'{}' has {} entries, more than {}", key,
                     items.size(), most);
    std::vector<Descriptor> all;
    all.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
        all.push_back(TRY(Descriptor::from_json(items[i]), "/{}/{}", key, i));
    return all;
}

static Result<Manifest> manifest_from(const Json& json, std::string media_type) {
    if (json.find("manifests"))
        return Error(Error::Kind::usage, "a manifest with 'manifests' may be read as an index too");
    const std::string artifact = TRY(json.get_or<std::string>("artifactType", ""));
    Descriptor config = TRY(Descriptor::from_json(json["config"]), "/config");
    const bool image =
        config.media_type == media::kConfig || config.media_type == media::kDockerConfig;
    if (!image)
        return Error(Error::Kind::unsupported, "it is not an image but an artifact of type '{}'",
                     excerpt(artifact.empty() ? config.media_type : artifact));
    Manifest manifest{
        .media_type = std::move(media_type), .config = std::move(config), .layers = {}};
    manifest.layers = TRY(descriptors(json, "layers", kMostLayers));
    for (std::size_t i = 0; i < manifest.layers.size(); ++i)
        if (!is_layer(manifest.layers[i].media_type))
            return Error(Error::Kind::unsupported, "/layers/{}/mediaType: '{}' is not supported", i,
                         excerpt(manifest.layers[i].media_type))
                .hint("layers are tar, plain or compressed with gzip or zstd");
    return manifest;
}

static Result<Index> index_from(const Json& json, std::string media_type) {
    if (json.find("layers") || json.find("config"))
        return Error(Error::Kind::usage, "an index with 'layers' may be read as a manifest too");
    std::vector<Descriptor> manifests = TRY(descriptors(json, "manifests", kMostManifests));
    return Index{.media_type = std::move(media_type), .manifests = std::move(manifests)};
}

Result<std::variant<Manifest, Index>> parse_manifest(std::string_view bytes,
                                                     std::string_view content_type) {
    const Json json = TRY(Json::parse(bytes));
    if (!json.as_object()) return Error(Error::Kind::usage, "it is not an object");
    if (without_parameters(content_type).ends_with("v1+prettyjws") || json.find("signatures"))
        return Error(Error::Kind::unsupported, "it is of docker's schema 1, which is obsolete");
    const std::int64_t version = TRY(json.get<std::int64_t>("schemaVersion"));
    if (version != 2)
        return Error(Error::Kind::unsupported, "'schemaVersion' is {}, where 2 belongs", version);
    std::string type = TRY(media_type_of(json, content_type));
    if (is_index(type))
        return std::variant<Manifest, Index>(TRY(index_from(json, std::move(type))));
    if (type == media::kManifest || type == media::kDockerManifest)
        return std::variant<Manifest, Index>(TRY(manifest_from(json, std::move(type))));
    return Error(Error::Kind::unsupported, "'{}' is not the type of an image", excerpt(type));
}

Json to_json(const Manifest& manifest) {
    Json layers = Json::array();
    for (const Descriptor& layer : manifest.layers)
        layers.push(layer.to_json());
    Json json = Json::object();
    json.set("schemaVersion", 2)
        .set("mediaType", manifest.media_type)
        .set("config", manifest.config.to_json())
        .set("layers", std::move(layers));
    return json;
}

Result<Descriptor> Index::choose(const Platform& wanted) const {
    const Descriptor* fitting = nullptr;
    std::string offered;
    for (const Descriptor& manifest : manifests) {
        if (!manifest.platform) continue;
        if (wanted.accepts(*manifest.platform)) {
            if (manifest.platform->variant == wanted.variant) return manifest;
            if (!fitting) fitting = &manifest;
        }
        if (manifest.platform->os == "unknown") continue;  // attestations
        offered += (offered.empty() ? "" : ", ") + manifest.platform->text();
    }
    if (fitting) return *fitting;
    if (manifests.size() == 1 && !manifests.front().platform) return manifests.front();
    return Error(Error::Kind::not_found, "the image is not offered for {}, only for {}",
                 wanted.text(), offered.empty() ? "no platform at all" : excerpt(offered, 400));
}

}  // namespace sbx::oci
