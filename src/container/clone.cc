#include "container/clone.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "os/random.h"

namespace sbx::container {

std::string name_for_clone(const std::string& name, const store::Containers& containers) {
    std::string free = name + "-clone";
    for (int number = 1; !containers.name_is_free(free); ++number)
        free = fmt::format("{}-clone{}", name, number);
    return free;
}

static std::string short_id(const std::string& id) { return id.substr(0, 12); }

static store::ContainerRecord record_of(const store::ContainerRecord& original,
                                        const std::string& name) {
    return {.id = os::random_hex(64),
            .name = name,
            .image_id = original.image_id,
            .image_name = original.image_name,
            .command = original.command,
            .labels = original.labels,
            .created = now(),
            .remove_after = original.remove_after,
            .awaits_start = true,
            .mounted_images = original.mounted_images,
            .mount_points = original.mount_points,
            .networks = original.networks,
            .pod = original.pod};
}

// The line of /etc/hosts that is the container's own ends so: its host's name, and its own.
static void name_own_line(const std::string& before, const std::string& after,
                          const std::string& name, std::string& hosts) {
    const std::size_t at = before.empty() ? hosts.npos : hosts.rfind(fmt::format("\t{} ", before));
    if (at == hosts.npos) return;
    const std::size_t end = std::min(hosts.find('\n', at), hosts.size());
    hosts.replace(at, end - at, fmt::format("\t{} {}", after, name));
}

// The name of the host is the container's short id where nobody has given another.
static void name_host(const Blueprint& original, Blueprint& clone) {
    const std::string before(trim(original.files.hostname));
    const bool given = before != short_id(original.record.id);
    const std::string after = given ? before : short_id(clone.record.id);
    name_own_line(before, after, clone.record.name, clone.files.hosts);
    if (given) return;
    clone.files.hostname = after + "\n";
    oci::Spec& spec = clone.request.spec;
    if (spec.hostname == before) spec.hostname = after;
    for (std::string& entry : spec.process.env)
        if (entry == "HOSTNAME=" + before) entry = "HOSTNAME=" + after;
}

// Addresses that it had to have are the original's.
static void forget_addresses(Blueprint& clone) {
    for (Attachment& one : clone.attachments)
        one = {.network = one.network, .interface = one.interface, .aliases = one.aliases};
}

static void add_volume(const std::string& name, const Blueprint& original,
                       const store::Store& store, Blueprint& clone) {
    const auto& unnamed = original.record.anonymous_volumes;
    const bool anonymous = std::ranges::find(unnamed, name) != unnamed.end();
    const std::string own = anonymous ? os::random_hex(64) : name;
    clone.record.volumes.push_back(own);
    clone.volumes.push_back({.name = own, .created = now(), .anonymous = anonymous});
    if (!anonymous) return;
    clone.record.anonymous_volumes.push_back(own);
    for (oci::Mount& mount : clone.request.spec.mounts)
        if (mount.source == store::Volumes::path_of(store, name))
            mount.source = store::Volumes::path_of(store, own);
}

// What sbx itself puts into a container lies in a folder with its id.
static void follow_id(const std::string& before, const std::string& after, Blueprint& clone) {
    const std::string folder = fmt::format("/containers/{}/", before);
    const auto follow = [&](std::string& path) {
        if (const std::size_t at = path.rfind(folder); at != path.npos)
            path.replace(at, folder.size(), fmt::format("/containers/{}/", after));
    };
    for (oci::Mount& mount : clone.request.spec.mounts) {
        follow(mount.source);
        if (mount.type == "overlay") std::ranges::for_each(mount.options, follow);
    }
}

Blueprint clone_of(const Blueprint& original, const std::string& name, const store::Store& store) {
    Blueprint clone = original;
    clone.record = record_of(original.record, name);
    const std::string& id = clone.record.id;
    sandbox::Request& request = clone.request;
    if (request.image) request.image->container = store::Containers::relative_path(id);
    request.keyring = "sbx-" + short_id(id);
    request.cgroup.name = "sbx-" + short_id(id);
    follow_id(original.record.id, id, clone);
    name_host(original, clone);
    forget_addresses(clone);
    for (const std::string& volume : original.record.volumes)
        add_volume(volume, original, store, clone);
    return clone;
}

}  // namespace sbx::container
