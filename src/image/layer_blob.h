// The blob of a layer, made of its tar archive.
#pragma once

#include <string>

#include "archive/stream.h"
#include "oci/manifest.h"
#include "os/fd.h"

namespace sbx::image {

struct LayerBlob {
    oci::Descriptor blob;  // compressed with gzip
    oci::Digest diff_id;
};

// Reads `tar` to its end and writes the new file directory/name.
Result<LayerBlob> make_layer_blob(archive::Reader& tar, os::FdView directory,
                                  const std::string& name);

}  // namespace sbx::image
