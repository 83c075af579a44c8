// Other limits, another restart policy or health check for a container, whether it runs or not.
#pragma once

#include <optional>
#include <string>

#include "container/health_options.h"
#include "container/resources.h"
#include "sandbox/host.h"
#include "store/store.h"

namespace sbx::container {

// In the words of the command line; what is empty stays as it is.
struct Changes {
    ResourceOptions limits = {};
    std::optional<std::string> restart = {};
    HealthOptions health = {};

    bool is_none() const;
    bool waits_for_start() const;  // it is about more than limits
};

// Keeps what was not asked for; all of it or nothing. A container that runs gets the limits at
// once; one that was started without a cgroup cannot get any before its next start, and another
// none that it could not be started with: Kind::unsupported. The rest holds from the next start,
// but that one is not to be started again.
Result<> update(const store::Store& store, const std::string& id, const Changes& changes,
                const sandbox::Host& host);

}  // namespace sbx::container
