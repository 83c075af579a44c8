#include "container/update.h"

#include <functional>
#include <utility>

#include "base/log.h"
#include "container/blueprint.h"
#include "sandbox/cgroup.h"
#include "sandbox/cgroup_changes.h"
#include "sandbox/compile.h"
#include "sandbox/places.h"
#include "store/containers.h"

namespace sbx::container {

static Result<sandbox::Cgroup> cgroup_of(const store::LiveState& live) {
    const sandbox::CgroupPlace place = TRY(sandbox::CgroupPlace::from_json(live.cgroup));
    if (place.path.empty())
        return Error(Error::Kind::unsupported,
                     "it runs without a cgroup, where no limit can be set")
            .hint("it gets one if it is made with a limit, or with --cgroups enabled");
    return sandbox::Cgroup::open(place);
}

namespace {

class Change {
public:
    static Result<Change> between(const oci::Resources& before, const oci::Resources& after) {
        std::vector<sandbox::CgroupWrite> writes = TRY(sandbox::cgroup_changes(before, after));
        std::vector<sandbox::CgroupWrite> back = TRY(sandbox::cgroup_changes(after, before));
        return Change(std::move(writes), std::move(back));
    }

    bool is_none() const { return writes_.empty(); }

    // The container may be in another place than it would get now, with other controllers.
    Result<> make(const sandbox::Cgroup& cgroup, const sandbox::CgroupHost& host) const {
        const std::vector<std::string> there = TRY(cgroup.controllers());
        TRY(sandbox::check_controllers(sandbox::controllers_of(writes_), there, host));
        Result<> made = cgroup.write(writes_);
        if (!made) undo(cgroup);
        return made;
    }

    // As far as that goes: what could not be written is as it was.
    void undo(const sandbox::Cgroup& cgroup) const {
        for (const sandbox::CgroupWrite& one : back_) {
            const Result<> written = cgroup.write({one});
            if (!written) log::debug("{}", written.error().text());
        }
    }

private:
    Change(std::vector<sandbox::CgroupWrite> writes, std::vector<sandbox::CgroupWrite> back)
        : writes_(std::move(writes)), back_(std::move(back)) {}

    std::vector<sandbox::CgroupWrite> writes_;
    std::vector<sandbox::CgroupWrite> back_;
};

}  // namespace

static Result<> change_and_keep(const Change& change, const sandbox::Cgroup& cgroup,
                                const sandbox::CgroupHost& host,
                                const std::function<Result<>()>& keep) {
    TRY(change.make(cgroup, host));
    Result<> kept = keep();
    if (!kept) change.undo(cgroup);
    return kept;
}

Result<> update(const store::Store& store, const std::string& id, const ResourceOptions& options,
                const sandbox::Host& host) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const os::Lock lock = TRY(containers.lock(id));
    store::ContainerRecord record = TRY(containers.read(id));
    const Json had = TRY(containers.read_spec(id));
    Blueprint blueprint = TRY(blueprint_from(std::move(record), had));
    oci::Resources& resources = blueprint.request.spec.resources;
    oci::Resources after = TRY(compose_resources(options, resources));
    const Change change = TRY(Change::between(resources, after));
    resources = std::move(after);

    const auto keep = [&] { return containers.write_spec(id, to_json(blueprint)); };
    const std::optional<store::LiveState> live = containers.live(id);
    if (!live) TRY(sandbox::compile(blueprint.request, host));
    if (!live || change.is_none()) return keep();
    const sandbox::Cgroup cgroup = TRY(cgroup_of(*live));
    return change_and_keep(change, cgroup, host.cgroups, keep);
}

}  // namespace sbx::container
