// Other limits for a container, whether it runs or not.
#pragma once

#include <string>

#include "container/resources.h"
#include "store/store.h"

namespace sbx::container {

// Keeps what was not asked for. A container that runs gets them at once; one that was started
// without a cgroup cannot get any before its next start: Kind::unsupported.
Result<> update(const store::Store& store, const std::string& id, const ResourceOptions& options);

}  // namespace sbx::container
