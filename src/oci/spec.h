// The OCI runtime specification's configuration (runtime-spec, config.md and config-linux.md), the
// part of it that sbx acts on. Plain data: no defaults of sbx's own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace sbx::oci {

struct Rlimit {
    std::string type;  // "RLIMIT_NOFILE"
    std::uint64_t soft = 0;
    std::uint64_t hard = 0;
};

struct User {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> additional_gids = {};
    std::optional<std::uint32_t> umask = {};
};

struct Process {
    bool terminal = false;
    User user = {};
    std::vector<std::string> args = {};
    std::vector<std::string> env = {};
    std::string cwd = "/";
    std::vector<std::string> capabilities = {};  // bounding, permitted and effective: one set
    std::vector<Rlimit> rlimits = {};
    bool no_new_privileges = false;
    std::optional<int> oom_score_adj = {};
};

struct Mount {
    std::string destination;
    std::string type = {};  // "bind", "tmpfs", "proc", ...
    std::string source = {};
    std::vector<std::string> options = {};
};

struct Namespace {
    std::string type;  // "pid", "network", "mount", "ipc", "uts", "user", "cgroup"
    std::string path = {};
};

struct Device {
    std::string path;    // in the container
    std::string source;  // on the host; rootless, a device is the host's own, bound
};

struct IdMapping {
    std::uint32_t container_id = 0;
    std::uint32_t host_id = 0;
    std::uint32_t size = 1;
};

struct Spec {
    Process process = {};
    std::string root_path = {};
    bool root_read_only = false;
    std::string hostname = {};
    std::string domainname = {};
    std::vector<Mount> mounts = {};
    std::map<std::string, std::string> annotations = {};

    std::vector<Namespace> namespaces = {};
    std::vector<IdMapping> uid_mappings = {};
    std::vector<IdMapping> gid_mappings = {};
    std::vector<Device> devices = {};
    std::map<std::string, std::string> sysctl = {};
    std::vector<std::string> masked_paths = {};
    std::vector<std::string> read_only_paths = {};

    static Result<Spec> from_json(const Json& json);
    Json to_json() const;

    const Namespace* find_namespace(std::string_view type) const;
};

}  // namespace sbx::oci
