#pragma once

#include "image/source.h"
#include "oci/reference.h"
#include "registry/client.h"

namespace sbx::image {

// An image at a registry. `client` outlives it.
class RegistrySource final : public Source {
public:
    RegistrySource(registry::Client& client, oci::Reference reference)
        : client_(client), reference_(std::move(reference)) {}

    Result<Document> top() override;
    Result<Document> document(const oci::Descriptor& descriptor, std::size_t limit) override;
    Result<> fetch(const oci::Descriptor& descriptor, std::uint64_t from,
                   registry::Sink& sink) override;
    void cancel(registry::Sink& sink) override { client_.cancel(sink); }

private:
    registry::Client& client_;
    oci::Reference reference_;
};

}  // namespace sbx::image
