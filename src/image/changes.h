// --change: instructions of a Dockerfile that set how an image is run, for import and commit.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "oci/image_config.h"

namespace sbx::image {

// CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME or WORKDIR each, as in a
// Dockerfile. Variables stand for what the image sets by then, in all but CMD, ENTRYPOINT and
// ONBUILD. An ENTRYPOINT takes away the CMD of before, unless one of `changes` has set it.
Result<> apply_changes(const std::vector<std::string>& changes, oci::ImageDefaults& defaults);

}  // namespace sbx::image
