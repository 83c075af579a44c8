// System call filters: seccomp(2). Two ways to make one: from rules over 32-bit arguments, by the
// assembler here (microseconds, for sbx's own profile), and from a profile file, by libseccomp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <linux/filter.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

struct Filter {
    std::vector<sock_filter> program;
    unsigned long flags = 0;  // SECCOMP_FILTER_FLAG_*
};

// From here on every system call of this process and of its children goes through `filter`. Needs
// CAP_SYS_ADMIN in the user namespace, or no_new_privs. What comes back is the listener of a filter
// with SECCOMP_FILTER_FLAG_NEW_LISTENER, where calls wait for an answer: seccomp_unotify(2). Of
// another filter it is empty.
Result<Fd> install_filter(const Filter& filter);

// The number of a system call on this machine's architecture, also of calls that are newer than the
// libraries sbx was built with; nothing where it has no such call.
std::optional<std::uint32_t> syscall_number(std::string_view name);

// One above the newest call that syscall_number() knows.
constexpr std::uint32_t kSyscallsEnd = 470;

extern const std::uint32_t kNativeArchitecture;  // AUDIT_ARCH_*

// A profile as docker, podman and the OCI runtime specification write it, with names.
struct SeccompProfile {
    enum class Action : std::uint8_t {
        allow,
        error,
        kill_process,
        kill_thread,
        trap,
        log,
        trace,
        notify,
    };
    enum class Compare : std::uint8_t { ne, lt, le, eq, ge, gt, masked_eq };

    struct Argument {
        unsigned index = 0;
        Compare compare = Compare::eq;
        std::uint64_t value = 0;
        std::uint64_t value_two = 0;  // of masked_eq: what must be left
    };
    struct Rule {
        std::vector<std::string> names;
        Action action = Action::allow;
        unsigned error = 1;                    // errno, for Action::error
        std::vector<Argument> arguments = {};  // all must hold; of one argument, any
    };

    Action fallback = Action::error;
    unsigned fallback_error = 1;
    std::vector<std::string> architectures = {};  // "SCMP_ARCH_X86", beside the native one
    std::vector<Rule> rules = {};
    unsigned long flags = 0;  // SECCOMP_FILTER_FLAG_*; the listener's is set by itself
    bool knows_all = false;   // a name that is not known is an error

    bool notifies() const;  // some call waits for an answer
};

std::vector<std::string> seccomp_architectures();  // those that a profile may name
std::string seccomp_library();                     // the version of libseccomp

// Names that libseccomp does not know are passed over, as runc does, unless the profile says that
// they are an error, Kind::unsupported.
Result<Filter> compile_profile(const SeccompProfile& profile);

}  // namespace sbx::os
