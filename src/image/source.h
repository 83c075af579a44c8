// Where an image comes from: a registry, a folder, an archive.
#pragma once

#include <string>

#include "base/error.h"
#include "oci/manifest.h"
#include "registry/sink.h"

namespace sbx::image {

struct Document {
    std::string bytes;
    std::string media_type = {};  // as whoever brought it says; empty where nobody does
};

// One of the project's few interfaces. What it brings is as hostile as where it comes from: the
// digest and size of everything are checked by who asks.
class Source {
public:
    virtual ~Source() = default;

    // The manifest or index that was asked for; unparsed.
    virtual Result<Document> top() = 0;

    // A document that another one names: a manifest, a configuration.
    virtual Result<Document> document(const oci::Descriptor& descriptor, std::size_t limit) = 0;

    // Brings a blob from offset `from` on into `sink`, now or in the rounds of the poll that the
    // source was made with.
    virtual Result<> fetch(const oci::Descriptor& descriptor, std::uint64_t from,
                           registry::Sink& sink) = 0;
    virtual void cancel(registry::Sink& sink) = 0;  // nothing more is brought to it
};

}  // namespace sbx::image
