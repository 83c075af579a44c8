// Waiting until a container is in one of several conditions: --condition of podman-wait(1).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "container/status.h"

namespace sbx::container {

enum class Condition : std::uint8_t {
    created,
    initialized,
    running,
    paused,
    stopped,
    healthy,
    unhealthy,
    removed
};

// podman's and docker's words; "exited" is "stopped". Kind::usage for others.
Result<Condition> parse_condition(std::string_view word);

// Of a container that is there, so never for `removed`.
bool fulfils(const Status& status, Condition condition);

struct Wait {
    std::vector<Condition> conditions = {Condition::stopped};            // one of them is enough
    std::chrono::nanoseconds interval = std::chrono::milliseconds(250);  // between two looks
};

// What its program ended with, where that was waited for; -1 for the other conditions. Waits
// however long it takes. Kind::usage for the health of a container that has no check,
// Kind::not_found where it is removed and that was not waited for.
Result<int> wait_for(const store::Store& store, const std::string& id, const Wait& wait);

}  // namespace sbx::container
