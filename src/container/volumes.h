// Volumes and the containers that have them: listing, removing, pruning.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "container/end.h"
#include "container/volume_filter.h"
#include "store/volumes.h"

namespace sbx::container {

Result<std::vector<ListedVolume>> list_volumes(const store::Store& store);  // by name

// Conditions that ask the store about volumes, as they are now.
Result<VolumeFilter> parse_volume_filter(const store::Store& store,
                                         const std::vector<std::string>& texts);

// All about it, as podman and docker name it.
Json inspect_volume(const ListedVolume& listed);

// One that containers have is only removed by force, and these with it: Kind::busy otherwise.
// Kind::not_found.
Result<> remove_volume(const store::Store& store, const std::string& name, const os::IdMap& ids,
                       Force force);

enum class PruneVolumes : std::uint8_t { anonymous, all };

// Those that no container has and that the filter admits.
Result<std::vector<ListedVolume>> unused_volumes(const store::Store& store, PruneVolumes which,
                                                 const VolumeFilter& filter);

struct PrunedVolumes {
    std::vector<std::string> names = {};
    std::uint64_t bytes = 0;  // that they took on the disk
};

Result<PrunedVolumes> prune_volumes(const store::Store& store, const os::IdMap& ids,
                                    PruneVolumes which, const VolumeFilter& filter);

}  // namespace sbx::container
