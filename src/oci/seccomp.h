// Which system calls a container may make: `linux.seccomp` of the OCI runtime specification
// (config-linux.md, "Seccomp"). Words stay words here: sandbox/seccomp_words.h knows what they
// mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sbx::oci {

class Members;

struct SyscallArgument {
    std::uint32_t index = 0;
    std::uint64_t value = 0;
    std::uint64_t value_two = 0;  // of SCMP_CMP_MASKED_EQ: what must be left
    std::string op;               // "SCMP_CMP_EQ"

    bool operator==(const SyscallArgument&) const = default;
};

struct SyscallRule {
    std::vector<std::string> names = {};
    std::string action;  // "SCMP_ACT_ALLOW"
    std::optional<std::uint32_t> errno_ret = {};
    std::vector<SyscallArgument> args = {};

    bool operator==(const SyscallRule&) const = default;
};

struct Seccomp {
    std::string default_action;
    std::optional<std::uint32_t> default_errno_ret = {};
    std::vector<std::string> architectures = {};  // "SCMP_ARCH_X86", beside the native one
    std::vector<std::string> flags = {};          // "SECCOMP_FILTER_FLAG_LOG"
    std::string listener_path = {};               // a unix socket, of SCMP_ACT_NOTIFY
    std::string listener_metadata = {};
    std::vector<SyscallRule> syscalls = {};

    bool operator==(const Seccomp&) const = default;
};

void describe(Members& members, Seccomp& seccomp);

}  // namespace sbx::oci
