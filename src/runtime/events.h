// What a container uses and what becomes of it, as runc's `events` prints it.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/error.h"
#include "base/json.h"
#include "runtime/states.h"
#include "sandbox/cgroup.h"

namespace sbx::runtime {

using TellEvent = std::function<Result<>(const Json& event)>;

// {"type":"stats","id":ID,"data":{...}}: types/events.go of runc. What is not counted is absent or,
// where runc has it always, 0; a limit that there is not is the largest number.
Json stats_event(const std::string& id, const sandbox::CgroupStats& stats);
Json oom_event(const std::string& id);

// What it uses at this moment. Kind::unsupported where it has no cgroup, Kind::busy where it has
// stopped.
Result<Json> stats_of(const States& states, const std::string& id);

// Tells that after each interval, and of each process that was killed for want of memory at once;
// returns when the container has ended.
Result<> follow(const States& states, const std::string& id, std::chrono::nanoseconds interval,
                const TellEvent& tell);

}  // namespace sbx::runtime
