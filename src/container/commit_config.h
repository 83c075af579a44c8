// How the image of a container is to be run: what its own image says, and what it has been told.
#pragma once

#include <string>
#include <vector>

#include "container/blueprint.h"
#include "oci/image_config.h"

namespace sbx::container {

struct CommitWords {
    std::string author = {};  // empty for that of the container's image
    std::string message = {};
    std::vector<std::string> changes = {};  // instructions: image/changes.h
    bool squash = false;                    // one layer, and a history of one step
    bool include_volumes = false;           // its mount points become volumes of the image
};

// All but the diff id of the new layer. `parent` is the configuration of the container's image.
// What sbx itself sets in each container stays away, and so do secrets. Kind::usage for bad
// changes.
Result<oci::ImageConfig> commit_config(const Blueprint& blueprint, oci::ImageConfig parent,
                                       const CommitWords& words);

}  // namespace sbx::container
