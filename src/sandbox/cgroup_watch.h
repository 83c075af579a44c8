// What happens in a cgroup, as it happens: memory.events and cgroup.events.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/cgroup.h"

namespace sbx::sandbox {

class CgroupWatch {
public:
    enum class Event : std::uint8_t {
        oom_kill,  // a process was killed because the memory was used up
        emptied,   // its last process has ended, or it is gone
        time_is_up,
    };
    using Clock = std::chrono::steady_clock;

    // Counts from now on. Without the controller of memory, nothing is told of that.
    static Result<CgroupWatch> begin(const Cgroup& cgroup);

    Result<Event> wait(Clock::time_point deadline);

private:
    CgroupWatch(os::Fd members, os::Fd memory)
        : members_(std::move(members)), memory_(std::move(memory)) {}

    Result<std::uint64_t> count_kills() const;
    Result<bool> is_empty() const;

    os::Fd members_;
    os::Fd memory_;
    std::uint64_t kills_ = 0;
};

}  // namespace sbx::sandbox
