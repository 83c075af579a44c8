#include "image/registry_source.h"

namespace sbx::image {

Result<Document> RegistrySource::top() {
    registry::Client::Fetched fetched = TRY(client_.manifest(reference_));
    return Document{.bytes = std::move(fetched.bytes), .media_type = std::move(fetched.media_type)};
}

// Registries keep manifests and blobs apart.
static bool is_manifest(const oci::Descriptor& descriptor) {
    return oci::is_index(descriptor.media_type) || descriptor.media_type == oci::media::kManifest ||
           descriptor.media_type == oci::media::kDockerManifest;
}

Result<Document> RegistrySource::document(const oci::Descriptor& descriptor, std::size_t limit) {
    if (!is_manifest(descriptor))
        return Document{.bytes = TRY(client_.blob(reference_, descriptor, limit))};
    registry::Client::Fetched fetched =
        TRY(client_.manifest(reference_.with_digest(descriptor.digest)));
    return Document{.bytes = std::move(fetched.bytes), .media_type = std::move(fetched.media_type)};
}

Result<> RegistrySource::fetch(const oci::Descriptor& descriptor, std::uint64_t from,
                               registry::Sink& sink) {
    return client_.download(reference_, descriptor, from, sink);
}

}  // namespace sbx::image
