// What a container sees of file systems and devices: `mounts`, `linux.devices` and mappings of ids
// of the OCI runtime specification (config.md, "Mounts"; config-linux.md, "Devices" and "User
// namespace mappings").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sbx::oci {

class Members;

struct IdMapping {
    std::uint32_t container_id = 0;
    std::uint32_t host_id = 0;
    std::uint32_t size = 1;

    bool operator==(const IdMapping&) const = default;
};

struct Mount {
    std::string destination;
    std::string type = {};  // "bind", "tmpfs", "proc", ...
    std::string source = {};
    std::vector<std::string> options = {};
    std::vector<IdMapping> uid_mappings = {};  // of the files of the source
    std::vector<IdMapping> gid_mappings = {};

    bool operator==(const Mount&) const = default;
};

struct Device {
    std::string path;         // in the container
    std::string source = {};  // in sbx's own records: the host's, bound without being known closer
    std::string type = {};    // "c", "u", "b", "p"
    std::int64_t major = 0;
    std::int64_t minor = 0;
    std::optional<std::uint32_t> file_mode = {};
    std::optional<std::uint32_t> uid = {};
    std::optional<std::uint32_t> gid = {};

    bool operator==(const Device&) const = default;
};

void describe(Members& members, IdMapping& mapping);
void describe(Members& members, Mount& mount);
void describe(Members& members, Device& device);

}  // namespace sbx::oci
