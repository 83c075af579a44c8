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

}  // namespace sbx::container
