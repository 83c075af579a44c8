#include "image/documents.h"

#include "base/text.h"

namespace sbx::image {

// An index may name another one; one that names itself, or a chain without end, does not.
static constexpr int kDeepest = 3;

static Result<> check(const oci::Descriptor& descriptor, const std::string& bytes) {
    if (bytes.size() != descriptor.size)
        return Error(Error::Kind::failed, "'{}' has {} bytes, where {} belong",
                     descriptor.digest.text(), bytes.size(), descriptor.size);
    if (oci::Digest::of(bytes) != descriptor.digest)
        return Error(Error::Kind::failed, "'{}' has another content than its digest says",
                     descriptor.digest.text());
    return {};
}

namespace {

struct FoundManifest {
    Document document;
    oci::Manifest manifest;
};

}  // namespace

static Result<FoundManifest> find_manifest(Source& source, const oci::Platform& platform) {
    Document document = TRY(source.top());
    for (int depth = 0; depth < kDeepest; ++depth) {
        auto parsed = TRY(oci::parse_manifest(document.bytes, document.media_type), "the manifest");
        if (auto* manifest = std::get_if<oci::Manifest>(&parsed))
            return FoundManifest{.document = std::move(document), .manifest = std::move(*manifest)};
        const oci::Descriptor chosen = TRY(std::get<oci::Index>(parsed).choose(platform));
        if (chosen.size > oci::kLargestManifest)
            return Error(Error::Kind::failed, "the manifest has {} bytes, more than {}",
                         chosen.size, oci::kLargestManifest);
        document = TRY(source.document(chosen, oci::kLargestManifest));
        TRY(check(chosen, document.bytes), "the manifest");
    }
    return Error(Error::Kind::failed, "indexes nest deeper than {}", kDeepest);
}

static Result<> check_platform(const oci::ImageConfig& config, const oci::Platform& wanted) {
    const oci::Platform& is = config.platform;
    const bool says_nothing = is.architecture.empty() && is.os.empty();
    if (says_nothing || wanted.accepts(is)) return {};
    return Error(Error::Kind::unsupported, "the image is for {}, not for {}", printable(is.text()),
                 wanted.text())
        .hint(fmt::format("--platform {} takes it all the same", printable(is.text())));
}

Result<Documents> fetch_documents(Source& source, const oci::Platform& platform) {
    FoundManifest found = TRY(find_manifest(source, platform));
    const oci::Descriptor& config = found.manifest.config;
    if (config.size > oci::kLargestConfig)
        return Error(Error::Kind::failed, "the configuration has {} bytes, more than {}",
                     config.size, oci::kLargestConfig);
    Document document =
        TRY(source.document(config, oci::kLargestConfig), "fetching the configuration");
    TRY(check(config, document.bytes), "the configuration");
    oci::ImageConfig parsed = TRY(oci::ImageConfig::parse(document.bytes), "the configuration");
    TRY(check_platform(parsed, platform));
    if (parsed.diff_ids.size() != found.manifest.layers.size())
        return Error(Error::Kind::failed,
                     "the manifest names {} layers, and the configuration {} diff ids",
                     found.manifest.layers.size(), parsed.diff_ids.size());
    oci::Descriptor descriptor{.media_type = found.manifest.media_type,
                               .digest = oci::Digest::of(found.document.bytes),
                               .size = found.document.bytes.size()};
    return Documents{.manifest_bytes = std::move(found.document.bytes),
                     .config_bytes = std::move(document.bytes),
                     .descriptor = std::move(descriptor),
                     .manifest = std::move(found.manifest),
                     .config = std::move(parsed)};
}

}  // namespace sbx::image
