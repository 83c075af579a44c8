// A container as a document, with the field names of docker and podman.
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "store/containers.h"

namespace sbx::container {

Result<Json> inspect(const store::Store& store, const std::string& id);

}  // namespace sbx::container
