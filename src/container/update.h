// Other limits for a container, whether it runs or not.
#pragma once

#include <string>

#include "container/resources.h"
#include "sandbox/host.h"
#include "store/store.h"

namespace sbx::container {

// Keeps what was not asked for; all of it or nothing. A container that runs gets the limits at
// once; one that was started without a cgroup cannot get any before its next start, and another
// none that it could not be started with: Kind::unsupported.
Result<> update(const store::Store& store, const std::string& id, const ResourceOptions& options,
                const sandbox::Host& host);

}  // namespace sbx::container
