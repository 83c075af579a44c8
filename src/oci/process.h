// The process of a container: `process` of the OCI runtime specification (config.md, "Process"),
// and the document that exec of a runtime is given. Plain data: no defaults of sbx's own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace sbx::oci {

class Members;

// (uid_t)-1 means "no change" to setresuid(2) and chown(2), so it is nobody's.
constexpr std::uint32_t kMostId = UINT32_MAX - 1;

struct Rlimit {
    std::string type;  // "RLIMIT_NOFILE"
    std::uint64_t soft = 0;
    std::uint64_t hard = 0;

    bool operator==(const Rlimit&) const = default;
};

struct User {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> additional_gids = {};
    std::optional<std::uint32_t> umask = {};

    bool operator==(const User&) const = default;
};

// Names, "CAP_CHOWN". What a document does not give is empty.
struct Capabilities {
    std::vector<std::string> bounding = {};
    std::vector<std::string> effective = {};
    std::vector<std::string> inheritable = {};
    std::vector<std::string> permitted = {};
    std::vector<std::string> ambient = {};

    // Bounding, effective and permitted alike, as docker and podman give them.
    static Capabilities of(const std::vector<std::string>& names);

    bool operator==(const Capabilities&) const = default;
};

struct ConsoleSize {
    std::uint64_t height = 0;
    std::uint64_t width = 0;

    bool operator==(const ConsoleSize&) const = default;
};

// What sched_setattr(2) is told.
struct Scheduler {
    std::string policy;  // "SCHED_BATCH"
    std::int32_t nice = 0;
    std::int32_t priority = 0;
    std::vector<std::string> flags = {};  // "SCHED_FLAG_RESET_ON_FORK"
    std::uint64_t runtime = 0;            // these three of SCHED_DEADLINE, nanoseconds
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;

    bool operator==(const Scheduler&) const = default;
};

struct IoPriority {
    std::string io_class;  // "IOPRIO_CLASS_BE"
    std::int32_t priority = 0;

    bool operator==(const IoPriority&) const = default;
};

// Lists of processors, "0-3,7": while a process that exec makes is on its way in, and from then on.
struct CpuAffinity {
    std::string initial = {};
    std::string final = {};

    bool operator==(const CpuAffinity&) const = default;
};

struct Process {
    bool terminal = false;
    std::optional<ConsoleSize> console_size = {};
    User user = {};
    std::vector<std::string> args = {};
    std::vector<std::string> env = {};
    std::string cwd = "/";
    Capabilities capabilities = {};
    std::vector<Rlimit> rlimits = {};
    bool no_new_privileges = false;
    std::string apparmor_profile = {};
    std::optional<int> oom_score_adj = {};
    std::optional<Scheduler> scheduler = {};
    std::string selinux_label = {};
    std::optional<IoPriority> io_priority = {};
    std::optional<CpuAffinity> exec_cpu_affinity = {};

    // Errors give the path of what is wrong below process: "user.uid: ...".
    static Result<Process> from_json(const Json& json);
    Json to_json() const;

    bool operator==(const Process&) const = default;
};

void describe(Members& members, Process& process);

}  // namespace sbx::oci
