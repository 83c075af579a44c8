#include "container/update.h"

#include <utility>

#include "container/blueprint.h"
#include "sandbox/cgroup.h"
#include "sandbox/compile.h"
#include "sandbox/limit_change.h"
#include "store/containers.h"
#include "store/events.h"

namespace sbx::container {

static Result<sandbox::Cgroup> cgroup_of(const store::LiveState& live) {
    const sandbox::CgroupPlace place = TRY(sandbox::CgroupPlace::from_json(live.cgroup));
    if (place.path.empty())
        return Error(Error::Kind::unsupported,
                     "it runs without a cgroup, where no limit can be set")
            .hint("it gets one if it is made with a limit, or with --cgroups enabled");
    return sandbox::Cgroup::open(place);
}

static Result<> update(const store::Containers& containers, const std::string& id,
                       const ResourceOptions& options, const sandbox::Host& host) {
    const os::Lock lock = TRY(containers.lock(id));
    store::ContainerRecord record = TRY(containers.read(id));
    const Json had = TRY(containers.read_spec(id));
    Blueprint blueprint = TRY(blueprint_from(std::move(record), had));
    oci::Resources& resources = blueprint.request.spec.resources;
    oci::Resources after = TRY(compose_resources(options, resources));
    const auto change = TRY(sandbox::LimitChange::between(resources, after));
    resources = std::move(after);

    const auto keep = [&] { return containers.write_spec(id, to_json(blueprint)); };
    const std::optional<store::LiveState> live = containers.live(id);
    if (!live) TRY(sandbox::compile(blueprint.request, host));
    if (!live || change.is_none()) return keep();
    const sandbox::Cgroup cgroup = TRY(cgroup_of(*live));
    return change.make(cgroup, host.cgroups, keep);
}

Result<> update(const store::Store& store, const std::string& id, const ResourceOptions& options,
                const sandbox::Host& host) {
    const store::Containers containers = TRY(store::Containers::open(store));
    TRY(update(containers, id, options, host));
    if (const Result<store::ContainerRecord> record = containers.read(id))
        store::note(store, store::event_of(*record, "update"));
    return {};
}

}  // namespace sbx::container
