#include "image/archive_source.h"

#include <array>

#include "archive/decompress.h"
#include "base/sha256.h"
#include "base/text.h"
#include "image/layout_source.h"
#include "os/file.h"

namespace sbx::image {

static constexpr const char* kNameAnnotation = "org.opencontainers.image.ref.name";
static constexpr const char* kWholeNameAnnotation = "io.containerd.image.name";

static std::string layout_path(const oci::Digest& digest) { return "blobs/sha256/" + digest.hex(); }

Result<Document> ArchiveSource::document(const oci::Descriptor& descriptor, std::size_t limit) {
    const auto member = member_of_.find(descriptor.digest);
    const std::string name =
        member != member_of_.end() ? member->second : layout_path(descriptor.digest);
    return Document{.bytes = TRY(members_.read(name, limit)), .media_type = descriptor.media_type};
}

Result<> ArchiveSource::fetch(const oci::Descriptor& descriptor, std::uint64_t from,
                              registry::Sink& sink) {
    const auto member = member_of_.find(descriptor.digest);
    const std::string name =
        member != member_of_.end() ? member->second : layout_path(descriptor.digest);
    const os::Fd file = TRY(members_.open(name));
    pour(file, from, sink);
    return {};
}

namespace {

struct Measured {
    oci::Digest digest;
    std::uint64_t size;
    std::string media_type;
};

}  // namespace

static Result<std::string> media_type_of(std::string_view head) {
    switch (TRY(archive::compression_of(head))) {
        case archive::Compression::none: return std::string(oci::media::kLayer);
        case archive::Compression::gzip: return std::string(oci::media::kLayerGzip);
        case archive::Compression::zstd: return std::string(oci::media::kLayerZstd);
    }
    std::unreachable();
}

static Result<Measured> measure(const os::Fd& file) {
    Sha256 hash;
    std::uint64_t size = 0;
    std::string media_type(oci::media::kLayer);
    std::array<char, 262144> buffer;
    for (;;) {
        const ssize_t n = ::read(file.get(), buffer.data(), buffer.size());
        if (n < 0) return Error::from_errno(errno, "read a layer");
        if (n == 0) break;
        const std::string_view bytes(buffer.data(), static_cast<std::size_t>(n));
        if (size == 0) media_type = TRY(media_type_of(bytes));
        hash.add(bytes);
        size += bytes.size();
    }
    return Measured{.digest = TRY(oci::Digest::from_hex(std::move(hash).hex())),
                    .size = size,
                    .media_type = std::move(media_type)};
}

// One entry of docker's manifest.json as a manifest of OCI's: the layers are hashed for it.
static Result<std::pair<Document, std::map<oci::Digest, std::string>>> manifest_of(
    const Members& members, const Json& entry) {
    const std::string config_name = TRY(entry.get<std::string>("Config"));
    const std::string config = TRY(members.read(config_name, oci::kLargestConfig));
    std::map<oci::Digest, std::string> member_of;
    oci::Manifest manifest{.media_type = std::string(oci::media::kManifest),
                           .config = {.media_type = std::string(oci::media::kConfig),
                                      .digest = oci::Digest::of(config),
                                      .size = config.size()},
                           .layers = {}};
    member_of.emplace(manifest.config.digest, config_name);
    const Json::Strings layers = TRY(entry.get_or<Json::Strings>("Layers", {}));
    if (layers.size() > oci::kMostLayers)
        return Error(Error::Kind::unsupported, "it has more than {} layers", oci::kMostLayers);
    for (const std::string& name : layers) {
        const os::Fd file = TRY(members.open(name));
        const Measured layer = TRY(measure(file), "layer '{}'", excerpt(name));
        member_of.emplace(layer.digest, name);
        manifest.layers.push_back(
            {.media_type = layer.media_type, .digest = layer.digest, .size = layer.size});
    }
    return std::pair(Document{.bytes = oci::to_json(manifest).dump(),
                              .media_type = std::string(oci::media::kManifest)},
                     std::move(member_of));
}

static Error without_images(std::string_view list) {
    return {Error::Kind::usage, "it has no image: {} lists none", list};
}

Result<std::vector<ArchivedImage>> images_of_docker(const Members& members) {
    constexpr std::size_t kLargest = std::size_t{1} << 20;
    const std::string text = TRY(members.read("manifest.json", kLargest));
    const Json list = TRY(Json::parse(text), "manifest.json");
    if (!list.as_array()) return Error(Error::Kind::usage, "manifest.json is not a list of images");
    std::vector<ArchivedImage> images;
    for (const Json& entry : list.items()) {
        auto [top, member_of] = TRY(manifest_of(members, entry), "manifest.json");
        ArchiveSource source(members, std::move(top));
        source.member_of_ = std::move(member_of);
        auto names = TRY(entry.get_or<Json::Strings>("RepoTags", {}));
        images.push_back({.source = std::move(source), .names = std::move(names)});
    }
    if (images.empty()) return without_images("manifest.json");
    return images;
}

Result<std::vector<ArchivedImage>> images_of_layout(const Members& members) {
    const std::string text = TRY(members.read("index.json", oci::kLargestManifest));
    auto parsed = TRY(oci::parse_manifest(text, oci::media::kIndex), "index.json");
    const auto* index = std::get_if<oci::Index>(&parsed);
    if (!index) return Error(Error::Kind::usage, "index.json is not an index");
    std::vector<ArchivedImage> images;
    for (const oci::Descriptor& descriptor : index->manifests) {
        ArchiveSource source(members, {});
        source.top_ = TRY(source.document(descriptor, oci::kLargestManifest));
        if (oci::Digest::of(source.top_.bytes) != descriptor.digest)
            return Error(Error::Kind::failed, "blob '{}' has another content than its name says",
                         descriptor.digest.text());
        ArchivedImage image{.source = std::move(source), .names = {}};
        for (const char* key : {kWholeNameAnnotation, kNameAnnotation})
            if (const auto found = descriptor.annotations.find(key);
                found != descriptor.annotations.end() && image.names.empty())
                image.names.push_back(found->second);
        images.push_back(std::move(image));
    }
    if (images.empty()) return without_images("index.json");
    return images;
}

Result<std::vector<ArchivedImage>> images_in(const Members& members) {
    if (members.has("manifest.json")) return images_of_docker(members);
    if (members.has("index.json")) return images_of_layout(members);
    return Error(Error::Kind::usage, "it has neither a manifest.json nor an index.json")
        .hint("an archive of a root file system alone comes in with `sbx import`");
}

}  // namespace sbx::image
