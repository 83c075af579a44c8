// The configuration of a container: config.json of the OCI runtime specification 1.3 (config.md and
// config-linux.md), all of it that is about Linux. Plain data: no defaults of sbx's own. Members
// that the specification does not know are passed over, wrong ones are refused with their path.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "oci/hooks.h"
#include "oci/linux.h"
#include "oci/mounts.h"
#include "oci/process.h"
#include "oci/resources.h"
#include "oci/seccomp.h"

namespace sbx::oci {

// What sbx writes, and the newest that it knows.
constexpr const char* kRuntimeSpecVersion = "1.3.0";

struct Spec {
    Process process = {};        // as it begins where the document has none
    std::string root_path = {};  // empty where the document has none
    bool root_read_only = false;
    std::string hostname = {};
    std::string domainname = {};
    std::vector<Mount> mounts = {};
    Hooks hooks = {};
    std::map<std::string, std::string> annotations = {};

    // linux
    std::vector<Namespace> namespaces = {};
    std::vector<IdMapping> uid_mappings = {};
    std::vector<IdMapping> gid_mappings = {};
    std::map<std::string, TimeOffset> time_offsets = {};  // "monotonic", "boottime"
    std::vector<Device> devices = {};
    std::map<std::string, NetDevice> net_devices = {};  // by name on the host
    std::string cgroups_path = {};
    Resources resources = {};
    std::optional<IntelRdt> intel_rdt = {};
    std::map<std::string, std::string> sysctl = {};
    std::optional<Seccomp> seccomp = {};
    std::string rootfs_propagation = {};  // "private", "slave", "shared", "unbindable"
    std::vector<std::string> masked_paths = {};
    std::vector<std::string> read_only_paths = {};
    std::string mount_label = {};
    std::optional<MemoryPolicy> memory_policy = {};
    std::optional<Personality> personality = {};

    std::string version = kRuntimeSpecVersion;  // of the document: "1.0.2-dev"

    static Result<Spec> from_json(const Json& json);
    Json to_json() const;

    const Namespace* find_namespace(std::string_view type) const;

    bool operator==(const Spec&) const = default;
};

}  // namespace sbx::oci
