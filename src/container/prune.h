// Removing containers that are of no use any more.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "container/filter.h"
#include "container/pods.h"

namespace sbx::container {

struct Pruned {
    std::vector<std::string> ids = {};  // of what is gone
    std::uint64_t bytes = 0;            // that they took on disk, without their volumes
    std::vector<Error> failures = {};
};

// Removes those that do not run and that the filter admits, also those that never ran.
Result<Pruned> prune(const store::Store& store, const os::IdMap& ids, const Filter& filter);

// Pods that have run, and of which no container runs any more.
bool has_ended(const ListedPod& pod);

// Removes those that `goes` holds for, with all that is in them. One that has been started
// meanwhile stays.
Result<Pruned> prune_pods(const store::Store& store, const os::IdMap& ids,
                          const std::function<bool(const ListedPod& pod)>& goes);

}  // namespace sbx::container
