#include "os/seccomp.h"

#include <algorithm>
#include <memory>
#include <set>

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "os/fd.h"
#include "os/file.h"

namespace sbx::os {

Result<Fd> install_filter(const Filter& filter) {
    if (filter.program.size() > BPF_MAXINSNS)  // the length below has 16 bits
        return Error(Error::Kind::unsupported, "the system call filter is too long");
    const sock_fprog program{
        .len = static_cast<unsigned short>(filter.program.size()),
        .filter = const_cast<sock_filter*>(filter.program.data()),
    };
    const long made = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter.flags, &program);
    if (made < 0) return Error::from_errno(errno, "install the system call filter");
    const bool listens = (filter.flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0;
    return listens ? Fd(static_cast<int>(made)) : Fd();
}

#if defined(__x86_64__)
const std::uint32_t kNativeArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
const std::uint32_t kNativeArchitecture = AUDIT_ARCH_AARCH64;
#elif defined(__riscv)
const std::uint32_t kNativeArchitecture = AUDIT_ARCH_RISCV64;
#else
#error "name this architecture as linux/audit.h does"
#endif

namespace {

struct NewCall {
    std::string_view name;
    std::uint32_t number;  // from 424 up the same on every architecture
};

// clang-format off
constexpr NewCall kNewCalls[] = {
    {"cachestat", 451},        {"fchmodat2", 452},     {"map_shadow_stack", 453},
    {"futex_wake", 454},       {"futex_wait", 455},    {"futex_requeue", 456},
    {"statmount", 457},        {"listmount", 458},     {"lsm_get_self_attr", 459},
    {"lsm_set_self_attr", 460}, {"lsm_list_modules", 461}, {"mseal", 462},
    {"setxattrat", 463},       {"getxattrat", 464},    {"listxattrat", 465},
    {"removexattrat", 466},    {"open_tree_attr", 467}, {"file_getattr", 468},
    {"file_setattr", 469},
};
// clang-format on

}  // namespace

std::optional<std::uint32_t> syscall_number(std::string_view name) {
    const int number = ::seccomp_syscall_resolve_name(std::string(name).c_str());
    if (number >= 0) return static_cast<std::uint32_t>(number);
    for (const NewCall& call : kNewCalls)
        if (call.name == name) return call.number;
    return std::nullopt;  // unknown, or of another architecture
}

static std::uint32_t action_code(SeccompProfile::Action action, unsigned error) {
    using Action = SeccompProfile::Action;
    switch (action) {
        case Action::allow: return SCMP_ACT_ALLOW;
        case Action::error: return SCMP_ACT_ERRNO(error);
        case Action::kill_process: return SCMP_ACT_KILL_PROCESS;
        case Action::kill_thread: return SCMP_ACT_KILL_THREAD;
        case Action::trap: return SCMP_ACT_TRAP;
        case Action::log: return SCMP_ACT_LOG;
        case Action::trace: return SCMP_ACT_TRACE(error);
        case Action::notify: return SCMP_ACT_NOTIFY;
    }
    std::unreachable();
}

static scmp_compare comparison(SeccompProfile::Compare compare) {
    using Compare = SeccompProfile::Compare;
    switch (compare) {
        case Compare::ne: return SCMP_CMP_NE;
        case Compare::lt: return SCMP_CMP_LT;
        case Compare::le: return SCMP_CMP_LE;
        case Compare::eq: return SCMP_CMP_EQ;
        case Compare::ge: return SCMP_CMP_GE;
        case Compare::gt: return SCMP_CMP_GT;
        case Compare::masked_eq: return SCMP_CMP_MASKED_EQ;
    }
    std::unreachable();
}

using Context = std::unique_ptr<void, void (*)(scmp_filter_ctx)>;

static std::uint32_t architecture_of(std::string_view name) {
    if (name.starts_with("SCMP_ARCH_")) name.remove_prefix(10);
    return ::seccomp_arch_resolve_name(lower(name).c_str());
}

// Those of seccomp.h that the libseccomp in use has: it grows.
std::vector<std::string> seccomp_architectures() {
    std::vector<std::string> names;
    for (const char* name :
         {"AARCH64",   "ARM",    "LOONGARCH64", "M68K",        "MIPS",   "MIPS64",
          "MIPS64N32", "MIPSEL", "MIPSEL64",    "MIPSEL64N32", "PARISC", "PARISC64",
          "PPC",       "PPC64",  "PPC64LE",     "RISCV64",     "S390",   "S390X",
          "SH",        "SHEB",   "X32",         "X86",         "X86_64"})
        if (architecture_of(name) != 0) names.push_back(fmt::format("SCMP_ARCH_{}", name));
    return names;
}

std::string seccomp_library() {
    const scmp_version* version = ::seccomp_version();
    return fmt::format("{}.{}.{}", version->major, version->minor, version->micro);
}

static Result<> add_architectures(const Context& context, const SeccompProfile& profile) {
    for (const std::string& name : profile.architectures) {
        const std::uint32_t token = architecture_of(name);
        if (token == 0)
            return Error(Error::Kind::usage, "seccomp profile: unknown architecture '{}'",
                         excerpt(name));
        const int err = ::seccomp_arch_add(context.get(), token);
        if (err == -EDOM) continue;  // of the other byte order: no program of that kind runs here
        if (err < 0 && err != -EEXIST)
            return Error::from_errno(-err, "seccomp profile: add architecture '{}'", name);
    }
    return {};
}

using Comparisons = std::vector<scmp_arg_cmp>;

static Result<Comparisons> comparisons_of(const SeccompProfile::Rule& rule) {
    Comparisons comparisons;
    for (const SeccompProfile::Argument& a : rule.arguments) {
        if (a.index > 5)
            return Error(Error::Kind::usage, "seccomp profile: no system call has argument {}",
                         a.index);
        comparisons.push_back({.arg = a.index,
                               .op = comparison(a.compare),
                               .datum_a = a.value,
                               .datum_b = a.value_two});
    }
    return comparisons;
}

// All of one element have to hold. Where an argument is compared twice, which libseccomp refuses,
// every comparison stands for itself, as runc has it.
static std::vector<Comparisons> alternatives(const Comparisons& comparisons) {
    std::set<unsigned> arguments;
    for (const scmp_arg_cmp& one : comparisons)
        arguments.insert(one.arg);
    if (arguments.size() == comparisons.size()) return {comparisons};
    std::vector<Comparisons> each;
    for (const scmp_arg_cmp& one : comparisons)
        each.push_back({one});
    return each;
}

static Result<> add_rule(const Context& context, const SeccompProfile::Rule& rule,
                         std::uint32_t fallback) {
    const std::uint32_t action = action_code(rule.action, rule.error);
    if (action == fallback) return {};  // libseccomp refuses what changes nothing
    const std::vector<Comparisons> all = alternatives(TRY(comparisons_of(rule)));
    for (const std::string& name : rule.names) {
        const int number = ::seccomp_syscall_resolve_name(name.c_str());
        if (number == __NR_SCMP_ERROR) continue;
        for (const Comparisons& one : all) {
            const int err = ::seccomp_rule_add_array(context.get(), action, number,
                                                     static_cast<unsigned>(one.size()), one.data());
            if (err < 0 && err != -EEXIST)
                return Error::from_errno(-err, "seccomp profile: add a rule for '{}'",
                                         excerpt(name));
        }
    }
    return {};
}

// libseccomp 2.5 hands out a filter only by writing it to a descriptor.
static Result<Filter> take_program(const Context& context) {
    const Fd memory(::memfd_create("sbx-seccomp", MFD_CLOEXEC));
    if (!memory) return Error::from_errno(errno, "make memory for a filter");
    const int err = ::seccomp_export_bpf(context.get(), memory.get());
    if (err < 0) return Error::from_errno(-err, "seccomp profile: compile");
    ::lseek(memory.get(), 0, SEEK_SET);
    const std::string bytes =
        TRY(read_to_end(memory, BPF_MAXINSNS * sizeof(sock_filter)), "seccomp profile");
    Filter filter;
    filter.program.resize(bytes.size() / sizeof(sock_filter));
    bytes.copy(reinterpret_cast<char*>(filter.program.data()), bytes.size());
    return filter;
}

bool SeccompProfile::notifies() const {
    return fallback == Action::notify ||
           std::ranges::any_of(rules, [](const Rule& r) { return r.action == Action::notify; });
}

// The kernel takes SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV together with a listener only.
static unsigned long flags_of(const SeccompProfile& profile) {
    if (profile.notifies()) return profile.flags | SECCOMP_FILTER_FLAG_NEW_LISTENER;
    return profile.flags & ~SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
}

static Result<> check_names(const SeccompProfile& profile) {
    for (const SeccompProfile::Rule& rule : profile.rules)
        for (const std::string& name : rule.names)
            if (::seccomp_syscall_resolve_name(name.c_str()) == __NR_SCMP_ERROR)
                return Error(Error::Kind::unsupported,
                             "seccomp profile: the system call '{}' is not known", excerpt(name));
    return {};
}

Result<Filter> compile_profile(const SeccompProfile& profile) {
    if (profile.knows_all) TRY(check_names(profile));
    const std::uint32_t fallback = action_code(profile.fallback, profile.fallback_error);
    const Context context(::seccomp_init(fallback), ::seccomp_release);
    if (!context) return Error(Error::Kind::failed, "seccomp profile: begin a filter");
    ::seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a tree, not a list
    TRY(add_architectures(context, profile));
    for (const SeccompProfile::Rule& rule : profile.rules)
        TRY(add_rule(context, rule, fallback));
    Filter filter = TRY(take_program(context));
    filter.flags = flags_of(profile);
    return filter;
}

}  // namespace sbx::os
