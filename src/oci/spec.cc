#include "oci/spec.h"

#include <algorithm>
#include <array>
#include <set>

#include "oci/members.h"

namespace sbx::oci {

const Namespace* Spec::find_namespace(std::string_view type) const {
    for (const Namespace& ns : namespaces)
        if (ns.type == type) return &ns;
    return nullptr;
}

static bool are_of_different_types(const std::vector<Namespace>& namespaces) {
    std::set<std::string_view> types;
    return std::ranges::all_of(namespaces,
                               [&](const Namespace& ns) { return types.insert(ns.type).second; });
}

static bool is_absolute(const std::string& path) { return path.starts_with('/'); }

static bool is_clock(const auto& offset) {
    return offset.first == "monotonic" || offset.first == "boottime";
}

// A name of a network device as the kernel takes it (dev_valid_name()).
static bool is_device_name(std::string_view name) {
    return !name.empty() && name.size() < 16 && name != "." && name != ".." &&
           name.find_first_of("/: \t\n\v\f\r") == name.npos;
}

static bool has_device_names(const auto& device) {
    return is_device_name(device.first) &&
           (device.second.name.empty() || is_device_name(device.second.name));
}

static void describe_namespaces(Members& members, Spec& spec) {
    members.optional("namespaces", spec.namespaces);
    members.optional("uidMappings", spec.uid_mappings);
    members.optional("gidMappings", spec.gid_mappings);
    members.optional("timeOffsets", spec.time_offsets);
    members.refuse_unless(are_of_different_types(spec.namespaces), "namespaces",
                          "has two of one type");
    members.refuse_unless(
        std::ranges::all_of(spec.time_offsets, [](const auto& o) { return is_clock(o); }),
        "timeOffsets", "has a clock other than monotonic and boottime");
}

static void describe_devices(Members& members, Spec& spec) {
    members.optional("devices", spec.devices);
    members.optional("netDevices", spec.net_devices);
    members.refuse_unless(
        std::ranges::all_of(spec.net_devices, [](const auto& d) { return has_device_names(d); }),
        "netDevices", "has a name that no network device can have");
}

static void describe_paths(Members& members, Spec& spec) {
    // docker writes the words of mount(8), which mean the same for a whole tree.
    static constexpr std::array<std::string_view, 9> kPropagations = {
        "",         "private", "shared", "slave",      "unbindable",
        "rprivate", "rshared", "rslave", "runbindable"};
    members.optional("rootfsPropagation", spec.rootfs_propagation, {.words = kPropagations});
    members.optional("maskedPaths", spec.masked_paths);
    members.optional("readonlyPaths", spec.read_only_paths);
    members.optional("mountLabel", spec.mount_label);
    members.refuse_unless(std::ranges::all_of(spec.masked_paths, is_absolute), "maskedPaths",
                          "has a path that is not absolute");
    members.refuse_unless(std::ranges::all_of(spec.read_only_paths, is_absolute), "readonlyPaths",
                          "has a path that is not absolute");
}

static void describe_linux(Members& members, Spec& spec) {
    describe_namespaces(members, spec);
    describe_devices(members, spec);
    members.optional("cgroupsPath", spec.cgroups_path);
    members.optional("resources", spec.resources);
    members.optional("intelRdt", spec.intel_rdt);
    members.optional("sysctl", spec.sysctl);
    members.optional("seccomp", spec.seccomp);
    describe_paths(members, spec);
    members.optional("memoryPolicy", spec.memory_policy);
    members.optional("personality", spec.personality);
}

static void describe(Members& members, Spec& spec) {
    members.required("ociVersion", spec.version);
    members.refuse_unless(spec.version.starts_with("1."), "ociVersion",
                          "is not a version 1 of the OCI runtime specification");
    members.optional("process", spec.process);
    members.object("root", [&] {
        members.optional("path", spec.root_path);
        members.optional("readonly", spec.root_read_only);
    });
    members.optional("hostname", spec.hostname);
    members.optional("domainname", spec.domainname);
    members.optional("mounts", spec.mounts);
    members.optional("hooks", spec.hooks);
    members.optional("annotations", spec.annotations);
    members.refuse_unless(!spec.annotations.contains(""), "annotations", "has one without a name");
    members.object("linux", [&] { describe_linux(members, spec); });
}

Result<Spec> Spec::from_json(const Json& json) { return read_document<Spec>(json); }

Json Spec::to_json() const { return write_document(*this); }

}  // namespace sbx::oci
