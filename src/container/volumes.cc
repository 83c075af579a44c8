#include "container/volumes.h"

#include <map>

#include "base/text.h"
#include "base/time.h"

namespace sbx::container {

Result<std::vector<ListedVolume>> list_volumes(const store::Store& store) {
    const store::Volumes volumes = TRY(store::Volumes::open(store));
    const store::Containers containers = TRY(store::Containers::open(store));
    std::map<std::string, std::vector<std::string>> users;
    for (const store::ContainerRecord& record : TRY(containers.all()))
        for (const std::string& volume : record.volumes)
            users[volume].push_back(record.name);
    std::vector<ListedVolume> listed;
    for (store::Volume& volume : TRY(volumes.all())) {
        std::vector<std::string>& its_users = users[volume.name];
        listed.push_back({.volume = std::move(volume), .users = std::move(its_users)});
    }
    return listed;
}

Result<VolumeFilter> parse_volume_filter(const store::Store& store,
                                         const std::vector<std::string>& texts) {
    const store::Volumes volumes = TRY(store::Volumes::open(store));
    return VolumeFilter::parse(
        texts, {.now = now(), .find = [&](const std::string& name) { return volumes.find(name); }});
}

Json inspect_volume(const ListedVolume& listed) {
    const store::Volume& volume = listed.volume;
    return Json::object()
        .set("Name", volume.name)
        .set("Driver", "local")
        .set("Mountpoint", volume.path)
        .set("CreatedAt", rfc3339(volume.created))
        .set("Labels", volume.labels)
        .set("Scope", "local")
        .set("Options", Json::object())
        .set("Anonymous", volume.anonymous)
        .set("MountCount", std::uint64_t{listed.users.size()});
}

// Containers that have it at this moment; one that goes meanwhile is gone.
static Result<> remove_users(const store::Store& store, const store::Volumes& volumes,
                             const std::string& name, const os::IdMap& ids) {
    for (const store::ContainerRecord& user : TRY(volumes.users_of(name))) {
        Result<> removed = remove(store, user.id, ids, Force::kill);
        if (!removed && !removed.failed_as(Error::Kind::not_found)) return removed;
    }
    return {};
}

static std::string quoted_names(const std::vector<store::ContainerRecord>& containers) {
    std::vector<std::string> names;
    names.reserve(containers.size());
    for (const store::ContainerRecord& container : containers)
        names.push_back(fmt::format("'{}'", container.name));
    return join(names, ", ");
}

Result<> remove_volume(const store::Store& store, const std::string& name, const os::IdMap& ids,
                       Force force) {
    const store::Volumes volumes = TRY(store::Volumes::open(store));
    TRY(store::check_object_name("volume", name));
    if (!volumes.exists(name))
        return Error(Error::Kind::not_found, "there is no volume '{}'", name);
    // They take this lock themselves, for what they have without a name.
    if (force == Force::kill) TRY(remove_users(store, volumes, name, ids));
    const os::Lock lock = TRY(volumes.lock(os::Share::exclusive));
    const std::vector<store::ContainerRecord> users = TRY(volumes.users_of(name));
    if (users.empty()) return volumes.remove(name, ids);
    return Error(Error::Kind::busy, "container{} {} {} it", users.size() > 1 ? "s" : "",
                 quoted_names(users), users.size() > 1 ? "have" : "has")
        .hint("--force removes the containers as well");
}

Result<std::vector<ListedVolume>> unused_volumes(const store::Store& store, PruneVolumes which,
                                                 const VolumeFilter& filter) {
    std::vector<ListedVolume> unused = TRY(list_volumes(store));
    std::erase_if(unused, [&](const ListedVolume& listed) {
        const bool meant = which == PruneVolumes::all || listed.volume.anonymous;
        return !meant || !listed.users.empty() || !filter.admits(listed);
    });
    return unused;
}

Result<PrunedVolumes> prune_volumes(const store::Store& store, const os::IdMap& ids,
                                    PruneVolumes which, const VolumeFilter& filter) {
    const store::Volumes volumes = TRY(store::Volumes::open(store));
    PrunedVolumes pruned;
    for (const ListedVolume& listed : TRY(unused_volumes(store, which, filter))) {
        const std::string& name = listed.volume.name;
        // Before the lock: whoever makes a container waits for it.
        const std::uint64_t bytes = volumes.bytes_of(name, ids).value_or(0);
        const os::Lock lock = TRY(volumes.lock(os::Share::exclusive));
        if (!TRY(volumes.users_of(name), "cannot remove '{}'", name).empty()) continue;
        TRY(volumes.remove(name, ids), "cannot remove '{}'", name);
        pruned.names.push_back(name);
        pruned.bytes += bytes;
    }
    return pruned;
}

}  // namespace sbx::container
