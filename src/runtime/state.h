// What is known of a container from its creation to its removal, and how OCI words it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/error.h"
#include "base/json.h"
#include "base/time.h"
#include "runtime/resctrl.h"
#include "sandbox/cgroup.h"

namespace sbx::runtime {

// runtime-spec, runtime.md, State; "paused" is runc's.
enum class Status : std::uint8_t { creating, created, running, paused, stopped };

std::string_view name_of(Status status);

// The record of a container, kept as state.json. What changes by itself (whether it runs) is found
// out, not recorded: see status_of().
struct State {
    std::string id;
    std::string bundle;            // absolute
    std::string rootfs;            // absolute
    pid_t pid = 0;                 // of its first process; 0: there is none yet
    std::uint64_t start_time = 0;  // of that process: os::start_time_of()
    Instant created = {};
    std::map<std::string, std::string> annotations = {};
    std::uint32_t owner = 0;  // who made it
    bool made = true;         // all of it, up to its program; else its maker is at it, or has died
    bool own_keyring = true;  // its programs have a session keyring by its id
    sandbox::CgroupPlace cgroup = {};
    ResctrlPlace resctrl = {};

    Json to_json() const;
    static Result<State> from_json(const Json& json);
};

// What hooks read and `state` prints. A stopped container has the pid 0.
Json state_document(const State& state, Status status);

}  // namespace sbx::runtime
