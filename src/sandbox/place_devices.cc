#include <algorithm>

#include <sched.h>
#include <sys/stat.h>

#include "base/text.h"
#include "sandbox/dev_links.h"
#include "sandbox/places.h"

namespace sbx::sandbox {

// Only root of the machine makes devices: mknod(2) wants its right in the first user namespace, the
// one in which every id means itself.
static bool is_root_of_the_machine(const Host& host) {
    return host.privileged && std::ranges::any_of(host.uids_here, [](const os::IdRange& range) {
               return range.outside == 0 && range.count == UINT32_MAX;
           });
}

Nodes nodes_for(const Host& host, const Plan& plan) {
    const bool in_another = (plan.namespaces & CLONE_NEWUSER) != 0 ||
                            std::ranges::any_of(plan.joined, [](const JoinedNamespace& joined) {
                                return joined.kind.flag == CLONE_NEWUSER;
                            });
    return in_another || !is_root_of_the_machine(host) ? Nodes::bound : Nodes::made;
}

static DeviceNode node_of(const oci::Device& device) {
    const auto kind = [&]() -> mode_t {
        if (device.type == "b") return S_IFBLK;
        return device.type == "p" ? S_IFIFO : S_IFCHR;
    };
    return DeviceNode{.kind = kind(),
                      .major = static_cast<unsigned>(device.major),
                      .minor = static_cast<unsigned>(device.minor),
                      .mode = device.file_mode.value_or(0666) & 07777,
                      .uid = device.uid.value_or(0),
                      .gid = device.gid.value_or(0)};
}

// Whoever gives a container all devices of the host names /dev/ptmx, too, which would give it
// terminals of the host's: as with runc the link to its own stays, and so do the other links.
static bool stays_a_link(const oci::Device& device, const os::InnerPath& to) {
    if (!device.source.empty()) return to.text() == "/dev/ptmx";
    return std::ranges::any_of(kDevLinks, [&](const DevLink& link) {
        return to.text() == fmt::format("/dev/{}", link.name);
    });
}

// A FIFO anybody may make. A device only root, and not in a user namespace: there the host's is
// bound.
static Result<> place_device(const oci::Device& device, const Host& host, Plan& plan) {
    Device placed{.to = TRY(os::InnerPath::parse(device.path))};
    TRY(check_target(placed.to));
    if (stays_a_link(device, placed.to)) return {};
    if (device.source.empty()) placed.node = node_of(device);
    const bool made = placed.node && (nodes_for(host, plan) == Nodes::made || device.type == "p");
    if (!made) placed.from = device.source.empty() ? device.path : device.source;
    plan.devices.push_back(std::move(placed));
    return {};
}

static bool is_mounted_on(const std::string& path, const std::vector<oci::Mount>& mounts) {
    return std::ranges::any_of(mounts, [&](const oci::Mount& mount) {
        return os::InnerPath::clean("/" + mount.destination).text() == path;
    });
}

// "Default Devices" of the runtime specification are there wherever /dev is from; but in one of the
// host's, or of another file system, nothing is made.
void place_default_devices(const Request& request, const Host& host, Plan& plan) {
    if (!request.exact || is_mounted_on("/dev", request.spec.mounts)) return;
    plan.mounts.push_back(
        Dev{.to = os::InnerPath::clean("/dev"), .nodes = nodes_for(host, plan), .mounted = false});
}

Result<> place_devices(const Request& request, const Host& host, Plan& plan) {
    for (const oci::Device& device : request.spec.devices)
        TRY(place_device(device, host, plan), "device '{}'", excerpt(device.path));
    return {};
}

}  // namespace sbx::sandbox
