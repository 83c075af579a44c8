// Requests and hosts for tests of sbx's policy: nothing of them is looked up on this machine.
#pragma once

#include <string>

#include "sandbox/host.h"
#include "sandbox/request.h"

namespace sbx::test {

inline sandbox::Host rootless_host() {
    return {.uid = 1000,
            .gid = 1000,
            .user = "ann",
            .subuids = {{.start = 100000, .count = 65536}},
            .subgids = {{.start = 200000, .count = 65536}}};
}

inline sandbox::Host single_id_host() { return {.uid = 1000, .gid = 100, .user = "ann"}; }

inline sandbox::Host root_host() {
    return {.privileged = true,
            .uids_here = {{.inside = 0, .outside = 0, .count = 4294967295}},
            .gids_here = {{.inside = 0, .outside = 0, .count = 4294967295}}};
}

// A shell in an image of two layers, with namespaces of its own and no mounts.
inline sandbox::Request shell_request() {
    sandbox::Request request;
    request.spec.process.args = {"/bin/sh"};
    for (const char* type : {"mount", "pid", "network", "ipc", "uts", "cgroup"})
        request.spec.namespaces.push_back({.type = type});
    request.image = sandbox::ImageRoot{
        .layers_directory = "/l", .layers = {"top", "base"}, .container = "../c/1"};
    return request;
}

// The same with all that a container of sbx has unless told otherwise.
inline sandbox::Request usual_request() {
    sandbox::Request request = shell_request();
    oci::Spec& spec = request.spec;
    spec.process.env = {"PATH=/bin", "TERM=xterm"};
    spec.process.capabilities.bounding = {"CAP_CHOWN", "CAP_SETUID"};
    spec.process.rlimits = {{.type = "RLIMIT_NOFILE", .soft = 1024, .hard = 4096}};
    spec.hostname = "box";
    spec.mounts = {
        {"/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}},
        {"/dev", "tmpfs", "tmpfs", {}},
        {"/dev/pts", "devpts", "devpts", {"nosuid", "noexec", "newinstance", "gid=5"}},
        {"/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}},
        {"/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}},
        {"/sys/fs/cgroup", "cgroup", "cgroup", {"nosuid", "noexec", "nodev", "ro"}},
        {"/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777", "size=64m"}},
        {"/etc/hosts", "bind", "/c/1/hosts", {"bind", "nosuid", "nodev"}},
        {"/data", "bind", "/home/ann/data", {"rbind", "ro", "nodev"}}};
    spec.masked_paths = {"/proc/kcore", "/sys/firmware"};
    spec.read_only_paths = {"/proc/sys"};
    return request;
}

inline void share(sandbox::Request& request, std::string_view type) {
    std::erase_if(request.spec.namespaces,
                  [&](const oci::Namespace& ns) { return ns.type == type; });
}

}  // namespace sbx::test
