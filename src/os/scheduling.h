// What the kernel's schedulers are told of this process: sched(7), ioprio_set(2), set_mempolicy(2).
// Words are those of the OCI runtime specification.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx::os {

// "0-3,7": numbers in their order.
Result<std::vector<unsigned>> parse_number_list(std::string_view text);

// sched_setattr(2). Times in nanoseconds.
struct Scheduler {
    std::uint32_t policy = 0;  // SCHED_*
    std::uint64_t flags = 0;   // SCHED_FLAG_*
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0;
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;

    friend bool operator==(const Scheduler&, const Scheduler&) = default;
};
Result<std::uint32_t> parse_scheduling_policy(std::string_view text);  // "SCHED_BATCH"
Result<std::uint64_t> parse_scheduling_flag(std::string_view text);    // "SCHED_FLAG_RECLAIM"
Result<> set_scheduler(const Scheduler& scheduler);

struct IoPriority {
    int io_class = 0;
    int level = 0;  // 0, the first to be served, to 7

    friend bool operator==(const IoPriority&, const IoPriority&) = default;
};
Result<IoPriority> parse_io_priority(std::string_view io_class, int level);  // "IOPRIO_CLASS_BE"
Result<> set_io_priority(const IoPriority& priority);

// The processors that this process may run on: sched_setaffinity(2).
Result<std::vector<unsigned>> affinity();
Result<> set_affinity(const std::vector<unsigned>& processors);

struct MemoryPolicy {
    int mode = 0;  // MPOL_*, with its flags
    std::vector<unsigned> nodes = {};

    friend bool operator==(const MemoryPolicy&, const MemoryPolicy&) = default;
};
std::vector<std::string> memory_modes();               // all that the next one takes
std::vector<std::string> memory_flags();               // and the one after
Result<int> parse_memory_mode(std::string_view text);  // "MPOL_INTERLEAVE"
Result<int> parse_memory_flag(std::string_view text);  // "MPOL_F_STATIC_NODES"
Result<> set_memory_policy(const MemoryPolicy& policy);

Result<unsigned long> parse_personality(std::string_view domain);  // "LINUX", "LINUX32"
Result<> set_personality(unsigned long domain);

}  // namespace sbx::os
