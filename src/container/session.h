// The person's side of a container's terminal, from the first byte to the exit status.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "container/relay.h"
#include "os/fd.h"

namespace sbx::container {

struct SessionEnd {
    std::optional<int> exit_code = {};  // nothing: the person left, the container runs on
};

// Joins this process's terminal to that of the container whose monitor is at the other end of
// `monitor`, until one of them ends.
Result<SessionEnd> attend(os::Fd monitor, Relay::Input input, const std::string& detach_keys);

}  // namespace sbx::container
