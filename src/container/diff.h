// What a container has changed of its image's files.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "image/tree_changes.h"
#include "os/ids.h"
#include "store/store.h"

namespace sbx::container {

// Of one that runs, too. What is mounted is no part of it, nor what sbx made for that.
// Kind::unsupported where its changes are not kept apart from what they change.
Result<std::vector<image::TreeChange>> diff(const store::Store& store, const std::string& id,
                                            const os::IdMap& ids);

}  // namespace sbx::container
