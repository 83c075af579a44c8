#include "oci/mounts.h"

#include <array>
#include <string_view>

#include "oci/members.h"
#include "oci/process.h"

namespace sbx::oci {

void describe(Members& members, IdMapping& mapping) {
    members.required("containerID", mapping.container_id, {.most = kMostId});
    members.required("hostID", mapping.host_id, {.most = kMostId});
    members.required("size", mapping.size);
}

void describe(Members& members, Mount& mount) {
    members.required("destination", mount.destination);
    members.optional("type", mount.type);
    members.optional("source", mount.source);
    members.optional("options", mount.options);
    members.optional("uidMappings", mount.uid_mappings);
    members.optional("gidMappings", mount.gid_mappings);
    members.refuse_unless(!mount.destination.empty(), "destination", "is no path");
    members.refuse_unless(mount.uid_mappings.empty() == mount.gid_mappings.empty(), "uidMappings",
                          "and gidMappings belong together");
}

// The most that a dev_t holds.
constexpr std::uint64_t kMostMajor = (1U << 12U) - 1;
constexpr std::uint64_t kMostMinor = (1U << 20U) - 1;

static void describe_node(Members& members, Device& device) {
    static constexpr std::array<std::string_view, 4> kTypes = {"b", "c", "u", "p"};
    members.required("type", device.type, {.words = kTypes});
    if (device.type == "p") return;
    members.required("major", device.major, {.least = 0, .most = kMostMajor});
    members.required("minor", device.minor, {.least = 0, .most = kMostMinor});
}

void describe(Members& members, Device& device) {
    members.required("path", device.path);
    members.optional("source", device.source);
    if (device.source.empty()) describe_node(members, device);
    members.optional("fileMode", device.file_mode);
    members.optional("uid", device.uid, {.most = kMostId});
    members.optional("gid", device.gid, {.most = kMostId});
    members.refuse_unless(device.path.starts_with('/'), "path", "is not an absolute path");
}

}  // namespace sbx::oci
