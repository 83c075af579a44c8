// Which containers have something of the store's: a volume, a network.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "store/containers.h"

namespace sbx::store {

// Those that have `name` in that list of theirs, in the order of their making. Whoever asks may
// remove it: a container that cannot be read may have it, and is an error.
Result<std::vector<ContainerRecord>> users_of(const Store& store, const std::string& name,
                                              std::vector<std::string> ContainerRecord::* list);

}  // namespace sbx::store
