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
            .hint(
                "it gets one if it is made with a limit, or with --cgroups enabled, where `sbx "
                "info` shows that this machine gives you cgroups");
    return sandbox::Cgroup::open(place);
}

static bool is_asked(const HealthOptions& o) {
    for (const std::string* word : {&o.command, &o.interval, &o.timeout, &o.start_period,
                                    &o.start_interval, &o.retries, &o.on_failure})
        if (!word->empty()) return true;
    return o.off;
}

bool Changes::waits_for_start() const { return restart || is_asked(health); }
bool Changes::is_none() const { return limits == ResourceOptions() && !waits_for_start(); }

static Result<> check_restart(const char* option, const Blueprint& blueprint) {
    if (!blueprint.record.remove_after || !blueprint.can_restart()) return {};
    return Error(Error::Kind::usage, "{}: it was made with --rm, and goes with its end", option);
}

static Result<> change_restart(const std::string& policy, Blueprint& blueprint) {
    blueprint.restart = TRY(RestartPolicy::parse(policy), "--restart");
    return check_restart("--restart", blueprint);
}

static Result<> change_health(const HealthOptions& options, Blueprint& blueprint) {
    blueprint.health = TRY(blueprint.health ? change_health(options, *blueprint.health)
                                            : compose_health(options, {}));
    return check_restart("--health-on-failure restart", blueprint);
}

static Result<> update(const store::Containers& containers, const std::string& id,
                       const Changes& changes, const sandbox::Host& host) {
    const os::Lock lock = TRY(containers.lock(id));
    store::ContainerRecord record = TRY(containers.read(id));
    const Json had = TRY(containers.read_spec(id));
    Blueprint blueprint = TRY(blueprint_from(std::move(record), had));
    oci::Resources& resources = blueprint.request.spec.resources;
    oci::Resources after = TRY(compose_resources(changes.limits, resources));
    const auto change = TRY(sandbox::LimitChange::between(resources, after));
    resources = std::move(after);
    if (changes.restart) TRY(change_restart(*changes.restart, blueprint));
    if (is_asked(changes.health)) TRY(change_health(changes.health, blueprint));

    const bool stays_down = changes.restart && !blueprint.can_restart();
    const auto keep = [&]() -> Result<> {
        TRY(containers.write_spec(id, to_json(blueprint)));
        return stays_down && containers.keeper(id) ? containers.note_stop(id) : Result<>();
    };
    const std::optional<store::LiveState> live = containers.live(id);
    if (!live) TRY(sandbox::compile(blueprint.request, host));
    if (!live || change.is_none()) return keep();
    const sandbox::Cgroup cgroup = TRY(cgroup_of(*live));
    return change.make(cgroup, host.cgroups, keep);
}

Result<> update(const store::Store& store, const std::string& id, const Changes& changes,
                const sandbox::Host& host) {
    const store::Containers containers = TRY(store::Containers::open(store));
    TRY(update(containers, id, changes, host));
    if (const Result<store::ContainerRecord> record = containers.read(id))
        store::note(store, store::event_of(*record, "update"));
    return {};
}

}  // namespace sbx::container
