#include "oci/seccomp.h"

#include <array>
#include <string_view>

#include "oci/members.h"

namespace sbx::oci {

constexpr std::array<std::string_view, 9> kActions = {
    "SCMP_ACT_KILL",  "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD",
    "SCMP_ACT_TRAP",  "SCMP_ACT_ERRNO",        "SCMP_ACT_TRACE",
    "SCMP_ACT_ALLOW", "SCMP_ACT_LOG",          "SCMP_ACT_NOTIFY"};

constexpr std::array<std::string_view, 23> kArchitectures = {
    "SCMP_ARCH_X86",         "SCMP_ARCH_X86_64",      "SCMP_ARCH_X32",    "SCMP_ARCH_ARM",
    "SCMP_ARCH_AARCH64",     "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K",   "SCMP_ARCH_MIPS",
    "SCMP_ARCH_MIPS64",      "SCMP_ARCH_MIPS64N32",   "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64",
    "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC",         "SCMP_ARCH_PPC64",  "SCMP_ARCH_PPC64LE",
    "SCMP_ARCH_S390",        "SCMP_ARCH_S390X",       "SCMP_ARCH_SH",     "SCMP_ARCH_SHEB",
    "SCMP_ARCH_PARISC",      "SCMP_ARCH_PARISC64",    "SCMP_ARCH_RISCV64"};

constexpr std::array<std::string_view, 4> kFlags = {
    "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
    "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"};

constexpr std::array<std::string_view, 7> kOperators = {
    "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE",       "SCMP_CMP_EQ",
    "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"};

// SECCOMP_RET_DATA has 16 bits.
constexpr std::uint64_t kMostReturned = 0xffff;

static void describe(Members& members, SyscallArgument& argument) {
    members.required("index", argument.index, {.most = 5});
    members.required("value", argument.value);
    members.optional("valueTwo", argument.value_two);
    members.required("op", argument.op, {.words = kOperators});
}

static void describe(Members& members, SyscallRule& rule) {
    members.required("names", rule.names);
    members.required("action", rule.action, {.words = kActions});
    members.optional("errnoRet", rule.errno_ret, {.most = kMostReturned});
    members.optional("args", rule.args);
    members.refuse_unless(!rule.names.empty(), "names", "has no name");
}

void describe(Members& members, Seccomp& seccomp) {
    members.required("defaultAction", seccomp.default_action, {.words = kActions});
    members.optional("defaultErrnoRet", seccomp.default_errno_ret, {.most = kMostReturned});
    members.optional("architectures", seccomp.architectures, {.words = kArchitectures});
    members.optional("flags", seccomp.flags, {.words = kFlags});
    members.optional("listenerPath", seccomp.listener_path);
    members.optional("listenerMetadata", seccomp.listener_metadata);
    members.optional("syscalls", seccomp.syscalls);
    members.refuse_unless(seccomp.listener_metadata.empty() || !seccomp.listener_path.empty(),
                          "listenerMetadata", "is for nobody without a listenerPath");
}

}  // namespace sbx::oci
