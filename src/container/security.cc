#include "container/security.h"

#include <algorithm>
#include <array>

#include <linux/capability.h>

#include "base/text.h"
#include "oci/platform.h"
#include "os/file.h"
#include "sandbox/seccomp_words.h"

namespace sbx::container {

static constexpr std::size_t kLargestProfile = std::size_t{4} << 20;

static constexpr os::CapabilitySet bit(int number) { return os::CapabilitySet{1} << number; }

// Docker's, without MKNOD, NET_RAW and AUDIT_WRITE, which are of no use without real privilege.
static constexpr os::CapabilitySet kDefaultCapabilities =
    bit(CAP_CHOWN) | bit(CAP_DAC_OVERRIDE) | bit(CAP_FOWNER) | bit(CAP_FSETID) | bit(CAP_KILL) |
    bit(CAP_NET_BIND_SERVICE) | bit(CAP_SETFCAP) | bit(CAP_SETGID) | bit(CAP_SETPCAP) |
    bit(CAP_SETUID) | bit(CAP_SYS_CHROOT);

os::CapabilitySet default_capabilities() { return kDefaultCapabilities; }

// What of /proc and /sys tells about, or acts on, the machine as a whole.
static constexpr std::array kMasked = {"/proc/acpi",
                                       "/proc/asound",
                                       "/proc/interrupts",
                                       "/proc/kallsyms",
                                       "/proc/kcore",
                                       "/proc/key-users",
                                       "/proc/keys",
                                       "/proc/latency_stats",
                                       "/proc/pagetypeinfo",
                                       "/proc/sched_debug",
                                       "/proc/scsi",
                                       "/proc/slabinfo",
                                       "/proc/timer_list",
                                       "/proc/timer_stats",
                                       "/proc/vmallocinfo",
                                       "/sys/dev/block",
                                       "/sys/devices/virtual/powercap",
                                       "/sys/firmware",
                                       "/sys/fs/bpf",
                                       "/sys/fs/pstore",
                                       "/sys/fs/selinux",
                                       "/sys/kernel/debug",
                                       "/sys/kernel/security",
                                       "/sys/kernel/tracing"};
static constexpr std::array kReadOnly = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                                         "/proc/sysrq-trigger"};

static Result<os::CapabilitySet> parse_set(const std::vector<std::string>& texts) {
    os::CapabilitySet set = 0;
    for (const std::string& text : texts)
        for (const std::string_view name : split(text, ','))
            set |= TRY(os::parse_capability(name));
    return set;
}

static bool names_all(const std::vector<std::string>& texts) {
    return std::ranges::any_of(texts, [](const std::string& text) {
        const auto names = split(text, ',');
        return std::ranges::any_of(names, [](std::string_view n) { return lower(n) == "all"; });
    });
}

// ALL of one side is the start, and the names of the other side are exceptions from it.
static Result<> choose_capabilities(const Options& options, Security& security) {
    const os::CapabilitySet added = TRY(parse_set(options.cap_add));
    const os::CapabilitySet dropped = TRY(parse_set(options.cap_drop));
    if (names_all(options.cap_add) && names_all(options.cap_drop))
        return Error(Error::Kind::usage, "--cap-add ALL and --cap-drop ALL contradict each other");
    if (options.privileged)
        security.capabilities = os::all_capabilities() & ~dropped;
    else if (names_all(options.cap_drop))
        security.capabilities = added;
    else
        security.capabilities = (kDefaultCapabilities | added) & ~dropped;
    security.added = names_all(options.cap_add) ? 0 : added & security.capabilities;
    return {};
}

static Result<> unmask(std::string_view value, Security& security) {
    if (lower(value) == "all") {
        security.masked_paths.clear();
        security.read_only_paths.clear();
        return {};
    }
    for (const std::string_view path : split(value, ':')) {
        if (!path.starts_with('/'))
            return Error(Error::Kind::usage, "unmask={}: absolute paths belong there, or ALL",
                         excerpt(value));
        const auto same = [&](const std::string& known) {
            return path.ends_with("/*") ? known.starts_with(path.substr(0, path.size() - 1))
                                        : known == path;
        };
        std::erase_if(security.masked_paths, same);
        std::erase_if(security.read_only_paths, same);
    }
    return {};
}

static Result<> mask(std::string_view value, Security& security) {
    for (const std::string_view path : split(value, ':')) {
        if (!path.starts_with('/'))
            return Error(Error::Kind::usage, "mask={}: absolute paths belong there",
                         excerpt(value));
        security.masked_paths.emplace_back(path);
    }
    return {};
}

static Result<> choose_profile(std::string_view value, Security& security) {
    if (value == "unconfined") {
        security.seccomp = sandbox::Unconfined{};
        return {};
    }
    const std::string path(value);
    security.seccomp_text = TRY(os::read_input(path, kLargestProfile), "seccomp profile");
    security.seccomp =
        TRY(parse_seccomp_profile(security.seccomp_text, security.capabilities), "'{}'", path);
    return {};
}

static Result<> apply_option(const std::string& text, Security& security) {
    const std::size_t at = text.find_first_of("=:");
    const std::string_view key = std::string_view(text).substr(0, at);
    const std::string_view value = at == text.npos ? "" : std::string_view(text).substr(at + 1);
    if (key == "no-new-privileges") {
        security.no_new_privileges = value.empty() || value == "true";
        if (security.no_new_privileges || value == "false") return {};
        return Error(Error::Kind::usage, "--security-opt {}: true or false belongs there",
                     excerpt(text));
    }
    if (key == "seccomp") return choose_profile(value, security);
    if (key == "unmask") return unmask(value, security);
    if (key == "systempaths" && value == "unconfined") return unmask("ALL", security);
    if (key == "mask") return mask(value, security);
    if (key == "label" && value == "disable") return {};  // as it is
    if (key == "apparmor" && value == "unconfined") return {};
    if (key == "label" || key == "apparmor")
        return Error(Error::Kind::unsupported,
                     "--security-opt {}: an unprivileged user cannot choose "
                     "the container's {} confinement",
                     excerpt(text), key == "label" ? "SELinux" : "AppArmor");
    return Error(Error::Kind::usage, "--security-opt {}: unknown option", excerpt(text))
        .hint(
            "options are no-new-privileges, seccomp=FILE|unconfined, mask=PATHS, unmask=PATHS|ALL");
}

Result<Security> parse_security(const Options& options, int throttled_cpus) {
    Security security;
    TRY(choose_capabilities(options, security));
    if (options.privileged) {
        security.seccomp = sandbox::Unconfined{};
    } else {
        security.masked_paths.assign(kMasked.begin(), kMasked.end());
        security.read_only_paths.assign(kReadOnly.begin(), kReadOnly.end());
        for (int cpu = 0; cpu < throttled_cpus; ++cpu)
            security.masked_paths.push_back(
                fmt::format("/sys/devices/system/cpu/cpu{}/thermal_throttle", cpu));
    }
    for (const std::string& text : options.security)
        TRY(apply_option(text, security));
    return security;
}

static bool is_held(os::CapabilitySet capabilities, const std::string& name) {
    const Result<os::CapabilitySet> one = os::parse_capability(name);
    return one && (capabilities & *one) == *one;
}

static bool is_this_machine(const std::string& architecture) {
    return architecture == oci::Platform::native().architecture;
}

// "includes": {"caps": [...], "arches": [...]} and "excludes": docker's conditions. Every kernel
// that sbx runs on is newer than any that they ask for.
static Result<bool> applies(const Json& rule, os::CapabilitySet capabilities) {
    const Json* includes = TRY(rule.object_at("includes"));
    const Json* excludes = TRY(rule.object_at("excludes"));
    const auto held = [&](const std::string& name) { return is_held(capabilities, name); };
    const auto wanted = TRY(includes->get_or<Json::Strings>("caps", {}));
    const auto machines = TRY(includes->get_or<Json::Strings>("arches", {}));
    const auto unwanted = TRY(excludes->get_or<Json::Strings>("caps", {}));
    const auto other_machines = TRY(excludes->get_or<Json::Strings>("arches", {}));
    return std::ranges::all_of(wanted, held) && std::ranges::none_of(unwanted, held) &&
           (machines.empty() || std::ranges::any_of(machines, is_this_machine)) &&
           std::ranges::none_of(other_machines, is_this_machine);
}

static Result<os::SeccompProfile::Rule> parse_rule(const Json& json) {
    os::SeccompProfile::Rule rule{.names = TRY(json.get_or<Json::Strings>("names", {}))};
    if (const std::string* name = json["name"].as_string()) rule.names.push_back(*name);
    const std::string action = TRY(json.get<std::string>("action"));
    rule.action = TRY(sandbox::parse_seccomp_action(action));
    rule.error = static_cast<unsigned>(TRY(json.get_or<std::uint64_t>("errnoRet", 1)));
    for (const Json& argument : *TRY(json.array_at("args"))) {
        const std::string op = TRY(argument.get<std::string>("op"));
        const auto index = static_cast<unsigned>(TRY(argument.get<std::uint64_t>("index")));
        const auto compare = TRY(sandbox::parse_seccomp_comparison(op));
        const auto value = TRY(argument.get<std::uint64_t>("value"));
        const auto value_two = TRY(argument.get_or<std::uint64_t>("valueTwo", 0));
        rule.arguments.push_back(
            {.index = index, .compare = compare, .value = value, .value_two = value_two});
    }
    return rule;
}

Result<os::SeccompProfile> parse_seccomp_profile(std::string_view text,
                                                 os::CapabilitySet capabilities) {
    const Json json = TRY(Json::parse(text), "seccomp profile");
    const std::string fallback = TRY(json.get<std::string>("defaultAction"), "seccomp profile");
    os::SeccompProfile profile{.fallback =
                                   TRY(sandbox::parse_seccomp_action(fallback), "seccomp profile")};
    profile.fallback_error =
        static_cast<unsigned>(TRY(json.get_or<std::uint64_t>("defaultErrnoRet", 1)));
    profile.architectures = TRY(json.get_or<Json::Strings>("architectures", {}));
    const Json::Array& rules = *TRY(json.array_at("syscalls"), "seccomp profile");
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (TRY(applies(rules[i], capabilities), "seccomp profile: /syscalls/{}", i))
            profile.rules.push_back(TRY(parse_rule(rules[i]), "seccomp profile: /syscalls/{}", i));
    TRY(sandbox::check_notifications(profile, ""), "seccomp profile");
    return profile;
}

}  // namespace sbx::container
