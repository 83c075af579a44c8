#include "oci/default_spec.h"

#include <algorithm>

namespace sbx::oci {

static Process default_process() {
    return {
        .terminal = true,
        .args = {"sh"},
        .env = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"},
        .capabilities = Capabilities::of({"CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"}),
        .rlimits = {{.type = "RLIMIT_NOFILE", .soft = 1024, .hard = 1024}},
        .no_new_privileges = true};
}

static std::vector<Mount> default_mounts() {
    return {
        {.destination = "/proc", .type = "proc", .source = "proc"},
        {.destination = "/dev",
         .type = "tmpfs",
         .source = "tmpfs",
         .options = {"nosuid", "strictatime", "mode=755", "size=65536k"}},
        {.destination = "/dev/pts",
         .type = "devpts",
         .source = "devpts",
         .options = {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}},
        {.destination = "/dev/shm",
         .type = "tmpfs",
         .source = "shm",
         .options = {"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}},
        {.destination = "/dev/mqueue",
         .type = "mqueue",
         .source = "mqueue",
         .options = {"nosuid", "noexec", "nodev"}},
        {.destination = "/sys",
         .type = "sysfs",
         .source = "sysfs",
         .options = {"nosuid", "noexec", "nodev", "ro"}},
        {.destination = "/sys/fs/cgroup",
         .type = "cgroup",
         .source = "cgroup",
         .options = {"nosuid", "noexec", "nodev", "relatime", "ro"}},
    };
}

Spec default_spec() {
    return {.process = default_process(),
            .root_path = "rootfs",
            .root_read_only = true,
            .hostname = "sbx",
            .mounts = default_mounts(),
            .namespaces = {{.type = "pid"},
                           {.type = "network"},
                           {.type = "ipc"},
                           {.type = "uts"},
                           {.type = "mount"},
                           {.type = "cgroup"}},
            .resources = {.devices = {{.allow = false, .access = "rwm"}}},
            .masked_paths = {"/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore",
                             "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
                             "/proc/timer_list", "/proc/timer_stats",
                             "/sys/devices/virtual/powercap", "/sys/firmware"},
            .read_only_paths = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                                "/proc/sysrq-trigger"}};
}

// Group 5 is not mapped, and sysfs belongs to the network namespace of the host. With what is
// mounted below it, such as cgroups, which can be the person's to write to.
static void leave_to_the_host(std::vector<Mount>& mounts) {
    for (Mount& mount : mounts) {
        std::erase_if(mount.options, [](const std::string& o) { return o.starts_with("gid="); });
        if (mount.type == "sysfs")
            mount = {.destination = mount.destination,
                     .type = "none",
                     .source = "/sys",
                     .options = {"rbind", "nosuid", "noexec", "nodev", "rro"}};
    }
}

Spec default_rootless_spec(const User& user) {
    Spec spec = default_spec();
    std::erase_if(spec.namespaces, [](const Namespace& ns) { return ns.type == "network"; });
    spec.namespaces.push_back({.type = "user"});
    spec.uid_mappings = {{.container_id = 0, .host_id = user.uid, .size = 1}};
    spec.gid_mappings = {{.container_id = 0, .host_id = user.gid, .size = 1}};
    spec.resources = {};
    leave_to_the_host(spec.mounts);
    return spec;
}

}  // namespace sbx::oci
