// Who runs a container, as it is noted in its runtime folder.
#pragma once

#include <cstdint>

#include <sys/types.h>

#include "base/error.h"
#include "base/json.h"
#include "base/time.h"

namespace sbx::store {

// What is only true while the machine is up: who runs it.
struct LiveState {
    pid_t pid = 0;                 // process 1 of the container
    std::uint64_t start_time = 0;  // with the pid it names one process for good
    pid_t monitor = 0;             // the sbx that waits for it
    std::uint64_t monitor_start_time = 0;
    Instant started = {};
    Json cgroup = {};    // where it is, in the words of sandbox::CgroupPlace; null: it has none
    Json ports = {};     // that it has on the host, in those of network::PortMapping
    Json networks = {};  // that it shares, in those of container::Connection
};

// A process, whose number may be another's by now.
struct ProcessName {
    pid_t pid = 0;
    std::uint64_t start_time = 0;
};

Json to_json(const LiveState& state);
Result<LiveState> live_state_from(const Json& json);

Json to_json(const ProcessName& process);
Result<ProcessName> process_name_from(const Json& json);

}  // namespace sbx::store
