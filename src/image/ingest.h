// Taking an image into the store, wherever it comes from.
#pragma once

#include <functional>
#include <optional>

#include "image/apply_layer.h"
#include "image/documents.h"
#include "image/source.h"
#include "oci/platform.h"
#include "os/ids.h"
#include "os/poll.h"
#include "store/images.h"

namespace sbx::image {

// What becomes of one layer, for whoever looks on.
struct LayerStep {
    enum class Phase : std::uint8_t { present, waiting, fetching, unpacking, done };

    oci::Digest digest;  // of the blob
    Phase phase = Phase::fetching;
    std::uint64_t bytes = 0;  // that have come
    std::uint64_t size = 0;   // of all
};
using OnStep = std::function<void(const LayerStep&)>;

struct Workshop {
    const store::Store& store;
    os::Poll& poll;
    os::IdMap ids;
    Ownership ownership = Ownership::as_recorded;
    OnStep on_step = [](const LayerStep&) {};
};

// Brings what is missing, unpacks it, checks all of it, and only then puts it into the store, with
// `name` if there is one. `platform` says which image of an index is meant and what any image has
// to be for. Layers and blobs that another process is bringing right now are waited for.
struct Wish {
    oci::Platform platform;
    std::optional<oci::Reference> name = {};
};
Result<store::Image> ingest(Source& source, const Workshop& workshop, const Wish& wish);

// Enters the image of `documents`, whose layers and blobs are in the store, under `name` if there
// is one. Who calls it holds the store's lock, exclusive. Kind::not_found where something of it has
// been removed meanwhile.
Result<store::Image> enter(const Documents& documents, const store::Store& store,
                           const std::optional<oci::Reference>& name);

}  // namespace sbx::image
