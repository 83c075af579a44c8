// Processes other than children, as /proc shows them: proc(5), pid_namespaces(7).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

// All that can be seen, in the order of their numbers.
std::vector<pid_t> all_processes();

// `first` and what belongs to it, in the order of their numbers: what is in its process namespace
// and in those below that; where it shares another's, what is in its mount namespace; where it
// shares the caller's, its descendants. None where it is gone.
std::vector<pid_t> processes_with(pid_t first);

bool has_own_process_namespace(pid_t pid);  // one that is not the caller's

// Whether `pid` belongs to `first`, which has not the caller's process namespace.
bool is_in_namespace_of(pid_t first, pid_t pid);

// Kills all that are in that mount namespace, which is not the caller's. As long as `mounts` is
// open, no other one has its number.
void kill_with_mounts(FdView mounts);

// The number of its mount namespace; 0 where it is gone.
std::uint64_t mounts_of(pid_t pid);

// Whether a /proc/PID/mountinfo tells of a mount whose root in its own file system, a path,
// `is_it`.
bool has_mount(std::string_view mountinfo, const std::function<bool(std::string_view root)>& is_it);

// Kills all that are in the process namespace of `first`, `first` left out, and see such a mount.
void kill_with_mount_in(pid_t first, const std::function<bool(std::string_view root)>& is_it);

// Some of /proc/PID/stat. Times are in ticks of clock_ticks() a second.
struct ProcessStat {
    std::string name;  // whatever the program says
    char state = '?';
    pid_t parent = 0;
    pid_t session = 0;              // the number of its first process
    std::uint64_t terminal = 0;     // device number; 0: it has none
    std::uint64_t user_time = 0;    // of its own threads
    std::uint64_t system_time = 0;  // likewise
    std::uint64_t waited_time = 0;  // both, of those it has waited for
    std::int64_t nice = 0;
    std::uint64_t threads = 0;
    std::uint64_t start_time = 0;  // since boot
    std::uint64_t virtual_bytes = 0;
    std::uint64_t resident_bytes = 0;
};
Result<ProcessStat> parse_process_stat(std::string_view text);
Result<ProcessStat> process_stat(pid_t pid);
std::uint64_t clock_ticks();

// Kills all of the session that `first` began: a child of the caller that it has not waited for
// yet, so that the number is not another's.
void kill_session(pid_t first);

// /proc/PID/status, by the names that stand there: "Uid" -> "0\t0\t0\t0".
std::map<std::string, std::string> parse_process_status(std::string_view text);
Result<std::map<std::string, std::string>> process_status(pid_t pid);

}  // namespace sbx::os
