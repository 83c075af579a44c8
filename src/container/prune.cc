#include "container/prune.h"

#include "container/end.h"

namespace sbx::container {

Result<Pruned> prune(const store::Store& store, const os::IdMap& ids, const Filter& filter) {
    const store::Containers containers = TRY(store::Containers::open(store));
    Pruned pruned;
    for (const Listed& listed : TRY(list(store, ids))) {
        if (listed.status.is_active() || listed.record.is_infra || !filter.admits(listed)) continue;
        const std::string& id = listed.record.id;
        const std::uint64_t bytes = containers.bytes(id, ids).value_or(0);
        Result<> removed = remove(store, id, ids, Force::no);
        // Somebody has started it meanwhile, or was faster.
        if (removed.failed_as(Error::Kind::busy) || removed.failed_as(Error::Kind::not_found))
            continue;
        if (!removed) {
            pruned.failures.push_back(std::move(removed).error().context(
                fmt::format("cannot remove '{}'", listed.record.name)));
            continue;
        }
        pruned.ids.push_back(id);
        pruned.bytes += bytes;
    }
    return pruned;
}

bool has_ended(const ListedPod& pod) {
    const std::string_view state = state_of(pod);
    return state == "Exited" || state == "Stopped";
}

Result<Pruned> prune_pods(const store::Store& store, const os::IdMap& ids,
                          const std::function<bool(const ListedPod& pod)>& goes) {
    const store::Containers containers = TRY(store::Containers::open(store));
    Pruned pruned;
    for (const ListedPod& pod : TRY(list_pods(store, ids))) {
        if (!has_ended(pod) || !goes(pod)) continue;
        std::uint64_t bytes = 0;
        for (const Listed& one : pod.containers)
            bytes += containers.bytes(one.record.id, ids).value_or(0);
        Result<> removed = remove_pod(store, pod.pod, ids, Force::no);
        if (removed.failed_as(Error::Kind::busy) || removed.failed_as(Error::Kind::not_found))
            continue;
        if (!removed) {
            pruned.failures.push_back(std::move(removed).error().context(
                fmt::format("cannot remove pod '{}'", pod.pod.name)));
            continue;
        }
        pruned.ids.push_back(pod.pod.id);
        pruned.bytes += bytes;
    }
    return pruned;
}

}  // namespace sbx::container
