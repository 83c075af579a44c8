// An image that is made here, not fetched: of a layer of its own, above those of another or alone.
#pragma once

#include <optional>
#include <vector>

#include "image/ingest.h"

namespace sbx::image {

// Where its layer lies in the staging folder, as a blob.
constexpr const char* kNewBlob = "blob";

struct NewImage {
    oci::Descriptor blob;                     // of its own layer
    oci::ImageConfig config;                  // with the diff ids of the layers below
    std::vector<oci::Descriptor> below = {};  // their blobs, lowest first; the store has them
    std::optional<oci::Digest> diff_id = {};  // of its own layer, where it is known
    Json parent = {};  // the configuration that this one continues, for what has no field here
    std::optional<oci::Reference> name = {};
};

// Unpacks the layer, writes the image's documents, and puts all of it into the store. Where it
// fails, nothing is left in `staging` that takes other ids to remove. Kind::not_found where
// something of what is below was removed meanwhile.
Result<store::Image> make_image(const store::Staging& staging, const Workshop& workshop,
                                NewImage image);

}  // namespace sbx::image
