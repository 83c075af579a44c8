#include "container/update.h"

#include <algorithm>

#include "container/blueprint.h"
#include "sandbox/cgroup.h"
#include "store/containers.h"

namespace sbx::container {

// A limit that is lifted is written, too, where there was one.
static Result<std::vector<sandbox::CgroupWrite>> changes(const oci::Resources& before,
                                                         const oci::Resources& after) {
    const std::vector<sandbox::CgroupWrite> had = TRY(sandbox::cgroup_writes(before));
    std::vector<sandbox::CgroupWrite> writes = TRY(sandbox::cgroup_writes(after));
    std::erase_if(writes, [&](const sandbox::CgroupWrite& write) {
        return std::ranges::find(had, write) != had.end();
    });
    return writes;
}

static Result<> apply(const store::LiveState& live,
                      const std::vector<sandbox::CgroupWrite>& writes) {
    const sandbox::CgroupPlace place = TRY(sandbox::CgroupPlace::from_json(live.cgroup));
    if (place.path.empty())
        return Error(Error::Kind::unsupported,
                     "it runs without a cgroup, where no limit can be set")
            .hint("it gets one if it is made with a limit, or with --cgroups enabled");
    const sandbox::Cgroup cgroup = TRY(sandbox::Cgroup::open(place));
    return cgroup.write(writes);
}

Result<> update(const store::Store& store, const std::string& id, const ResourceOptions& options) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const os::Lock lock = TRY(containers.lock(id));
    store::ContainerRecord record = TRY(containers.read(id));
    const Json kept = TRY(containers.read_spec(id));
    Blueprint blueprint = TRY(blueprint_from(std::move(record), kept));
    oci::Resources& resources = blueprint.request.spec.resources;
    oci::Resources after = TRY(compose_resources(options, resources));
    const auto writes = TRY(changes(resources, after));
    if (const auto live = containers.live(id)) TRY(apply(*live, writes));
    resources = std::move(after);
    return containers.write_spec(id, to_json(blueprint));
}

}  // namespace sbx::container
