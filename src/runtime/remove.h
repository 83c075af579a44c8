// The end of a container that an OCI runtime made.
#pragma once

#include <string>

#include "base/error.h"
#include "runtime/states.h"

namespace sbx::runtime {

enum class Force : std::uint8_t {
    no,   // only what is stopped: another one is Kind::busy
    yes,  // what runs is killed first; what does not exist is no failure
};

// Removes all that the runtime has of the container. The bundle stays: it is not the runtime's.
Result<> remove(const States& states, const std::string& id, Force force);

}  // namespace sbx::runtime
