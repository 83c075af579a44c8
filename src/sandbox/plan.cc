#include "sandbox/plan.h"

#include <sched.h>
#include <sys/stat.h>

#include "base/text.h"
#include "os/rlimits.h"

namespace sbx::sandbox {

static std::string words_for(std::uint64_t attributes) {
    struct Word {
        std::uint64_t bit;
        const char* word;
    };
    constexpr Word kWords[] = {{MOUNT_ATTR_RDONLY, "read-only"},
                               {MOUNT_ATTR_NOSUID, "nosuid"},
                               {MOUNT_ATTR_NODEV, "nodev"},
                               {MOUNT_ATTR_NOEXEC, "noexec"}};
    std::string text;
    for (const Word& w : kWords)
        if ((attributes & w.bit) != 0) text += (text.empty() ? " (" : ", ") + std::string(w.word);
    return text.empty() ? "" : text + ")";
}

static std::string words(const Bind& m) {
    const std::string below = m.below.is_root() ? "" : m.below.text();
    return fmt::format("bind '{}{}' on '{}'{}", m.from, below, m.to.text(),
                       words_for(m.own.set | m.attributes.set));
}

static std::string words(const Tmpfs& m) {
    return fmt::format("tmpfs on '{}'{}", m.to.text(), words_for(m.attributes));
}

static std::string words(const Special& m) {
    return fmt::format("{} on '{}'{}", m.type, m.to.text(), words_for(m.attributes));
}

static std::string words(const Dev& m) {
    return fmt::format("devices {} '{}'", m.mounted ? "on" : "in", m.to.text());
}

static std::string words(const Layers& m) {
    return fmt::format("an image of {} layers on '{}' (read-only)", m.names.size(), m.to.text());
}

static std::string words(const Overlay& m) {
    const std::string below = m.below.is_root() ? "" : m.below.text();
    return fmt::format("overlay over '{}{}' on '{}'{}{}", m.from, below, m.to.text(),
                       m.lasting ? fmt::format(" with '{}'", m.upper) : "",
                       words_for(m.attributes));
}

static std::string words(const Secrets& m) {
    std::string text = fmt::format("secrets in '{}':", m.to.text());
    for (const SecretFile& file : m.files)
        text += fmt::format(" '{}' as '{}'", file.name, file.to.text());
    return text;
}

std::string describe(const Device& device) {
    if (!device.from.empty())
        return fmt::format("device '{}' on '{}'", device.from, device.to.text());
    const DeviceNode node = device.node.value_or(DeviceNode());
    const char letter = S_ISCHR(node.kind) ? 'c' : (S_ISBLK(node.kind) ? 'b' : 'p');
    return fmt::format("device {} {}:{} at '{}'", letter, node.major, node.minor, device.to.text());
}

std::string describe(const Mount& mount) {
    return std::visit([](const auto& m) { return words(m); }, mount);
}

static std::string words(const OverlayRoot& r) { return fmt::format("overlay of {}", r.options); }

static std::string words(const FuseRoot& r) {
    return fmt::format("{} of {}", r.program, r.options);
}

static std::string words(const CopiedRoot& r) {
    return fmt::format("copy of {} layers in '{}'", r.layers.size(), r.target);
}

static std::string words(const DirectoryRoot& r) { return fmt::format("'{}'", r.path); }

std::string describe(const Root& root) {
    return std::visit([](const auto& r) { return words(r); }, root);
}

static std::string explain_namespaces(const Plan& plan) {
    std::string text = "namespaces";
    for (const os::NamespaceKind& kind : os::namespace_kinds())
        if ((plan.namespaces & kind.flag) != 0) text += fmt::format(" {}", kind.name);
    text += "\n";
    for (const JoinedNamespace& ns : plan.joined)
        text += fmt::format("joins {} '{}'\n", ns.kind.name, ns.path);
    for (const ClockOffset& offset : plan.clocks)
        text += fmt::format("clock {} is {}.{:09} s ahead\n", offset.clock, offset.seconds,
                            offset.nanoseconds);
    return text;
}

static std::string explain_hooks(const oci::Hooks& hooks) {
    struct Moment {
        const char* name;
        const std::vector<oci::Hook>& hooks;
    };
    const Moment moments[] = {{"prestart", hooks.prestart},
                              {"createRuntime", hooks.create_runtime},
                              {"createContainer", hooks.create_container},
                              {"startContainer", hooks.start_container},
                              {"poststart", hooks.poststart},
                              {"poststop", hooks.poststop}};
    std::string text;
    for (const Moment& moment : moments)
        for (const oci::Hook& hook : moment.hooks)
            text += fmt::format("hook {} '{}'\n", moment.name, hook.path);
    return text;
}

static std::string numbers(const std::vector<unsigned>& list) {
    std::string text;
    for (const unsigned number : list)
        text += fmt::format("{}{}", text.empty() ? "" : " ", number);
    return text;
}

static std::string explain_scheduling(const Program& program) {
    std::string text;
    if (const auto& s = program.scheduler)
        text += fmt::format("scheduling policy {}, nice {}, priority {}\n", s->policy, s->nice,
                            s->priority);
    if (const auto& io = program.io_priority)
        text += fmt::format("I/O priority class {}, level {}\n", io->io_class, io->level);
    if (const auto& memory = program.memory_policy)
        text +=
            fmt::format("memory policy {:#x}, nodes {}\n", memory->mode, numbers(memory->nodes));
    if (program.personality) text += fmt::format("personality {:#x}\n", *program.personality);
    if (!program.processors.empty())
        text += fmt::format("processors {}\n", numbers(program.processors));
    if (!program.apparmor_profile.empty())
        text += fmt::format("AppArmor profile '{}'\n", program.apparmor_profile);
    if (!program.selinux_label.empty())
        text += fmt::format("SELinux label '{}'\n", program.selinux_label);
    return text;
}

static std::string explain_program(const Plan& plan) {
    const Program& program = plan.program;
    std::string text;
    for (const ResourceLimit& limit : program.limits)
        text += fmt::format("limit {} {} {}\n", limit.name, os::limit_text(limit.limit.rlim_cur),
                            os::limit_text(limit.limit.rlim_max));
    text += explain_scheduling(program);
    text += fmt::format("capabilities {}\n", join(os::capability_names(program.bounding), " "));
    if (program.filter)
        text += fmt::format("system calls filtered by {} instructions\n",
                            program.filter->program.size());
    if (program.no_new_privileges) text += "no new privileges\n";
    if (!program.identity.user.empty()) text += fmt::format("user '{}'\n", program.identity.user);
    if (!program.identity.groups.empty())
        text += fmt::format("groups {}\n", join(program.identity.groups, " "));
    if (plan.init) text += "an init as process 1\n";
    text +=
        fmt::format("in '{}'{}\n", program.cwd.text(), program.terminal ? ", on a terminal" : "");
    for (const std::string& entry : program.env)
        text += fmt::format("env {}\n", entry);
    return text + fmt::format("run {}\n", join(program.argv, " "));
}

std::string explain(const Plan& plan) {
    std::string text = explain_namespaces(plan);
    text += plan.ids.explain();
    text +=
        fmt::format("root {}{}\n", describe(plan.root), plan.root_read_only ? " (read-only)" : "");
    for (const Mount& mount : plan.mounts)
        text += fmt::format("{}\n", describe(mount));
    for (const Device& device : plan.devices)
        text += describe(device) + "\n";
    for (const os::InnerPath& path : plan.masked)
        text += fmt::format("masked '{}'\n", path.text());
    for (const os::InnerPath& path : plan.read_only)
        text += fmt::format("read-only '{}'\n", path.text());
    for (const Sysctl& sysctl : plan.sysctls)
        text += fmt::format("sysctl {} = {}\n", sysctl.file, sysctl.value);
    text += explain(plan.cgroup);
    if (!plan.hostname.empty()) text += fmt::format("hostname {}\n", plan.hostname);
    text += explain_hooks(plan.hooks);
    text += explain_program(plan);
    for (const std::string& warning : plan.warnings)
        text += fmt::format("warning: {}\n", warning);
    return text;
}

}  // namespace sbx::sandbox
