// What connects a container to the world, from its start to its end.
#pragma once

#include <optional>

#include "base/error.h"
#include "network/settings.h"
#include "network/stack.h"
#include "sandbox/surroundings.h"

namespace sbx::container {

class Wiring {
public:
    // For the start of one life, which this value outlives where it is. Nothing where there is
    // nothing to connect. Before there are secrets in this process's memory.
    Result<std::optional<sandbox::Network>> begin(const std::optional<network::Settings>& settings);

    // It is on its way to its end then, which the next life begins by waiting for.
    void end();

private:
    std::optional<network::Stack> stack_ = {};
    std::optional<network::Stack> last_ = {};
};

}  // namespace sbx::container
