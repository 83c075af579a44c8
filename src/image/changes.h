// --change: instructions of a Dockerfile that set how an image is run, for import and the like.
#pragma once

#include <string_view>

#include "base/error.h"
#include "oci/image_config.h"

namespace sbx::image {

// CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR, as in a Dockerfile.
Result<> apply_change(std::string_view text, oci::ImageDefaults& defaults);

}  // namespace sbx::image
