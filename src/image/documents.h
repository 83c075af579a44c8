// The documents of an image, fetched and checked: which layers it has, and how it is to be run.
#pragma once

#include <string>

#include "image/source.h"
#include "oci/image_config.h"
#include "oci/manifest.h"
#include "oci/platform.h"

namespace sbx::image {

struct Documents {
    std::string manifest_bytes;
    std::string config_bytes;
    oci::Descriptor descriptor;  // of the manifest
    oci::Manifest manifest;
    oci::ImageConfig config;  // with as many diff ids as the manifest has layers
};

// From an index the image for `platform`. Every size and digest is checked, and that the image is
// what the index, or the person, says it is for.
Result<Documents> fetch_documents(Source& source, const oci::Platform& platform);

}  // namespace sbx::image
