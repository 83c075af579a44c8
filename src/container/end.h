// Ending containers from outside: waiting for them, killing them, removing them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "store/containers.h"

namespace sbx::container {

// Waits until the container does not run, however long; its exit code.
Result<int> wait_for_end(const store::Store& store, const std::string& id);

// A descriptor of the process that `live`, which was just read, means: never of another one that
// has got its number since. An error where it has ended.
Result<os::Fd> open_program(const store::Containers& containers, const std::string& id,
                            const store::LiveState& live);

enum class Force : std::uint8_t { no, kill };

// Removes a container; one that runs only by force: Kind::busy otherwise, and for the infra of a
// pod, which goes with that.
Result<> remove(const store::Store& store, const std::string& id, const os::IdMap& ids,
                Force force);

// One of a pod that goes, be it the infra, under the pods' lock. Before that comes the volumes': so
// its anonymous volumes, whose names these are, are left for remove_left_volumes().
Result<std::vector<std::string>> remove_with_pod(const store::Store& store, const std::string& id,
                                                 const os::IdMap& ids, Force force);

}  // namespace sbx::container
