// A root file system as an image of one layer.
#pragma once

#include <string>
#include <vector>

#include "image/ingest.h"

namespace sbx::image {

struct ImportOptions {
    std::string what = {};                  // where it comes from, for the history
    std::string message = {};               // of the history
    std::vector<std::string> changes = {};  // instructions: image/changes.h
    oci::Platform platform = oci::Platform::native();
    std::optional<oci::Reference> name = {};
};

// `archive` is a tar, plain or compressed with gzip or zstd; it becomes the layer as it stands.
Result<store::Image> import(os::FdView archive, const Workshop& workshop,
                            const ImportOptions& options);

}  // namespace sbx::image
