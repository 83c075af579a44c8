// Having a container stand still, and go on.
#pragma once

#include <string>

#include "base/error.h"
#include "store/containers.h"

namespace sbx::container {

enum class Pause : std::uint8_t {
    frozen,   // by its cgroup: nothing in it can tell
    stopped,  // by SIGSTOP for each process, where it has none
};

// Returns once none of its processes runs. Kind::busy where it does not run, or is paused already;
// Kind::unsupported where it has neither a cgroup nor processes of its own.
Result<Pause> pause(const store::Store& store, const std::string& id);

// Kind::busy where it is not paused.
Result<> unpause(const store::Store& store, const std::string& id);

// Of one that runs, as `live` says.
bool is_paused(const store::Containers& containers, const std::string& id,
               const store::LiveState& live);
Result<> let_go_on(const store::Containers& containers, const std::string& id,
                   const store::LiveState& live);

// Kind::busy, with advice, for what would wait for a paused container for ever.
Result<> check_not_paused(const store::Containers& containers, const std::string& id,
                          const store::LiveState& live);

}  // namespace sbx::container
