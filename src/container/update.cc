#include "container/update.h"

#include "container/blueprint.h"
#include "sandbox/cgroup.h"
#include "sandbox/cgroup_changes.h"
#include "store/containers.h"

namespace sbx::container {

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
    const auto writes = TRY(sandbox::cgroup_changes(resources, after));
    const auto live = containers.live(id);
    if (live && !writes.empty()) TRY(apply(*live, writes));
    resources = std::move(after);
    return containers.write_spec(id, to_json(blueprint));
}

}  // namespace sbx::container
