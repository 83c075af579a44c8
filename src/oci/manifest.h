// Image manifests and indexes of OCI (image-spec, manifest.md, image-index.md) and of docker
// (Image Manifest V2, Schema 2), which differ in nothing but their media types.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "oci/digest.h"
#include "oci/platform.h"

namespace sbx::oci {

namespace media {
constexpr std::string_view kManifest = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view kIndex = "application/vnd.oci.image.index.v1+json";
constexpr std::string_view kConfig = "application/vnd.oci.image.config.v1+json";
constexpr std::string_view kLayer = "application/vnd.oci.image.layer.v1.tar";
constexpr std::string_view kLayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
constexpr std::string_view kLayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";
constexpr std::string_view kDockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
constexpr std::string_view kDockerIndex =
    "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr std::string_view kDockerConfig = "application/vnd.docker.container.image.v1+json";
constexpr std::string_view kDockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";
constexpr std::string_view kDockerLayerPlain = "application/vnd.docker.image.rootfs.diff.tar";
}  // namespace media

constexpr std::size_t kLargestManifest = std::size_t{4} << 20;
constexpr std::size_t kLargestConfig = std::size_t{4} << 20;
constexpr std::size_t kMostLayers = 500;

struct Descriptor {
    std::string media_type;
    Digest digest;
    std::uint64_t size = 0;
    std::map<std::string, std::string> annotations = {};
    std::optional<Platform> platform = {};  // in an index

    static Result<Descriptor> from_json(const Json& json);
    Json to_json() const;
};

struct Manifest {
    std::string media_type;
    Descriptor config;
    std::vector<Descriptor> layers;
};

struct Index {
    std::string media_type;
    std::vector<Descriptor> manifests;

    // The manifest for `wanted`: the first that it accepts, one of the same variant before others.
    Result<Descriptor> choose(const Platform& wanted) const;
};

// Either, from bytes of a stranger. `content_type` is what came with the bytes (a header, a
// descriptor), or empty; a document that says something else of itself is refused, and so is one
// that could be read as both (CVE-2021-41190).
Result<std::variant<Manifest, Index>> parse_manifest(std::string_view bytes,
                                                     std::string_view content_type);

Json to_json(const Manifest& manifest);

bool is_index(std::string_view media_type);
bool is_layer(std::string_view media_type);

}  // namespace sbx::oci
