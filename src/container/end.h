// Ending containers from outside: waiting for them, killing them, removing them.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "store/containers.h"

namespace sbx::container {

// Waits until the container does not run, however long; its exit code.
Result<int> wait_for_end(const store::Store& store, const std::string& id);

enum class Force : std::uint8_t { no, kill };

// Removes a container; one that runs only by force: Kind::busy otherwise.
Result<> remove(const store::Store& store, const std::string& id, const os::IdMap& ids,
                Force force);

}  // namespace sbx::container
