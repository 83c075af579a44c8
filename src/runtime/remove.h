// The end of a container that an OCI runtime made.
#pragma once

#include <string>

#include "base/error.h"
#include "runtime/hooks.h"
#include "runtime/states.h"

namespace sbx::runtime {

enum class Force : std::uint8_t {
    no,   // only what is stopped: another one is Kind::busy
    yes,  // what runs is killed first; what does not exist is no failure
};

// Removes all that the runtime has of the container, then runs its poststop hooks; what comes back
// is what failed of these. The bundle stays: it is not the runtime's. One that was never started is
// ended without force, as runc does.
Result<Warnings> remove(const States& states, const std::string& id, Force force);

// The same for the one in that folder, and not for another that has got its id meanwhile.
Result<Warnings> remove(StateFolder folder, Force force);

}  // namespace sbx::runtime
