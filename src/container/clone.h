// A further container with the configuration of one that there is: podman-container-clone(1).
#pragma once

#include <string>

#include "container/blueprint.h"
#include "store/store.h"

namespace sbx::container {

// As it will be: with an id of its own and all that is named after it, nothing of the files and the
// lives of `original`, and new volumes for those without a name. Others are shared.
Blueprint clone_of(const Blueprint& original, const std::string& name, const store::Store& store);

// "box-clone", or with a number behind it where that is taken.
std::string name_for_clone(const std::string& name, const store::Containers& containers);

}  // namespace sbx::container
