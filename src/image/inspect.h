// Images as documents, with the field names of docker and podman.
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "store/images.h"

namespace sbx::image {

Result<Json> inspect(const store::Store& store, const store::Image& image);

// A layer or an instruction of an image, newest first, as `history` lists them.
struct Step {
    std::string id;  // of the image for the newest, else "<missing>"
    std::optional<Instant> created = {};
    std::string created_by = {};
    std::string comment = {};
    std::uint64_t bytes = 0;
};
Result<std::vector<Step>> history(const store::Store& store, const store::Image& image);

}  // namespace sbx::image
