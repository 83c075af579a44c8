// Child processes, as values that cannot be forgotten.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

struct ExitStatus {
    int code = 0;  // as a shell reports it: 128 + n for a process killed by signal n
};

// A child this process started. One that goes out of scope unwaited is killed and reaped, so an
// early return on the parent's side never leaves a half-made container behind.
class Process {
public:
    Process(pid_t pid, Fd pidfd) noexcept : pid_(pid), pidfd_(std::move(pidfd)) {}
    Process(Process&& other) noexcept
        : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)) {}
    Process& operator=(Process&&) = delete;
    ~Process();

    pid_t pid() const noexcept { return pid_; }
    FdView pidfd() const noexcept { return pidfd_; }  // readable once the process has ended
    Result<ExitStatus> wait();
    Result<> signal(int number) const;  // ESRCH once it is gone: a pidfd never means another one
    pid_t disown() && noexcept {
        return std::exchange(pid_, -1);
    }  // someone else reaps it from now on

private:
    pid_t pid_;
    Fd pidfd_;
};

// Where a new process begins.
struct Spawn {
    std::uint64_t namespaces = 0;        // CLONE_NEW*
    FdView cgroup = FdView::number(-1);  // a folder of cgroup v2; -1: the caller's
    enum class Parent : std::uint8_t {
        caller,
        callers_own,  // a sibling, which the caller's parent waits for, and not the caller
    };
    Parent parent = Parent::caller;
};

// Runs `child` in a new process. `child` must not return; if it does, the process ends there
// rather than running its parent's code twice. Precondition: this process has one thread, so
// `child` may allocate (see ARCHITECTURE.md, Processes). The value of a sibling has to be
// disowned. clone3(2).
Result<Process> spawn(const Spawn& where, const std::function<void()>& child);
Result<Process> spawn(std::uint64_t namespaces, const std::function<void()>& child);

// A program of the host to run to its end: `argv[0]` is an absolute path, the environment is fixed
// (PATH and LANG alone), descriptors other than 0, 1 and 2 are closed, no signal is blocked.
struct Program {
    std::vector<std::string> argv;
    FdView input = FdView::number(-1);   // -1: /dev/null
    FdView output = FdView::number(-1);  // -1: /dev/null; `errors` likewise
    FdView errors = FdView::number(-1);
};
Result<Process> start(const Program& program);

Result<> enter_directory(const std::string& path);

// Becomes the program in `file`. Returns only when it could not: Kind::no_such_command where
// nothing is there, Kind::not_executable where something is.
Error execute(const std::string& file, const std::vector<std::string>& argv,
              const std::vector<std::string>& env);

// The same with a program that is open as `file`, whatever its name: execveat(2).
Error execute_file(FdView file, const std::vector<std::string>& argv,
                   const std::vector<std::string>& env);

std::vector<std::string> environment();  // of this process

// This process is killed when its parent ends, however it ends. prctl(2),
// PR_SET_PDEATHSIG: forgotten by a change of credentials, so it comes after the last of those.
Result<> die_with_parent();

// When a process started, in clock ticks since boot (/proc/PID/stat, field 22): with its pid and
// the boot this names a process for good, as a pid alone does not.
Result<std::uint64_t> start_time_of(pid_t pid);

// Whether that process still runs: one that has ended, and that nobody has waited for, does not.
bool is_alive(pid_t pid, std::uint64_t start_time);

Result<Fd> open_process(pid_t pid);  // pidfd_open(2)
Result<> send_signal(FdView pidfd, int number);

}  // namespace sbx::os
