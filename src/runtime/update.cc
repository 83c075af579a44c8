#include "runtime/update.h"

#include "runtime/bundle.h"
#include "runtime/processes.h"
#include "runtime/status.h"
#include "sandbox/limit_change.h"

namespace sbx::runtime {

// Lists are replaced as a whole.
static void merge(Json& into, const Json& changes) {
    for (const auto& [key, value] : changes.members()) {
        if (!value.as_object()) {
            into.set(key, value);
            continue;
        }
        Json member = into.find(key) ? into[key] : Json::object();
        merge(member, value);
        into.set(key, std::move(member));
    }
}

Result<oci::Resources> merged(const oci::Resources& had, const oci::Resources& changes) {
    Json json = had.to_json();
    merge(json, changes.to_json());
    oci::Resources resources = TRY(oci::Resources::from_json(json));
    resources.devices = had.devices;
    return resources;
}

// The rest of the document stays as it is, also what sbx does not know.
static Result<> keep(const StateFolder& folder, Json config, const oci::Resources& resources) {
    Json of_linux = config["linux"].is_null() ? Json::object() : config["linux"];
    of_linux.set("resources", resources.to_json());
    config.set("linux", std::move(of_linux));
    return folder.write_config(config.dump());
}

Result<> update(const States& states, const std::string& id, const oci::Resources& changes,
                const sandbox::CgroupHost& host) {
    StateFolder folder = TRY(states.find(id));
    TRY(folder.lock());
    const State state = TRY(folder.read());
    if (status_of(folder, state) == Status::stopped)
        return Error(Error::Kind::busy, "container '{}' has stopped", id);
    const std::string text = TRY(folder.config());
    const oci::Spec spec = TRY(spec_of(state.bundle, text), "container '{}'", id);
    const oci::Resources after = TRY(merged(spec.resources, changes));
    const sandbox::Cgroup cgroup = TRY(required_cgroup(state));
    const auto change = TRY(sandbox::LimitChange::between(spec.resources, after));
    const Json config = TRY(Json::parse(text));
    TRY(change.make(cgroup, host, [&] { return keep(folder, config, after); }), "container '{}'",
        id);
    return {};
}

Result<> update_schemata(const States& states, const std::string& id,
                         const std::vector<std::string>& lines) {
    StateFolder folder = TRY(states.find(id));
    TRY(folder.lock());
    const State state = TRY(folder.read());
    if (state.resctrl.group.empty())
        return Error(Error::Kind::unsupported, "container '{}' has no group of resctrl", id)
            .hint("it is made in one where its config.json has linux.intelRdt");
    const os::Fd resctrl = TRY(open_resctrl());
    TRY(write_schemata(resctrl, state.resctrl, lines), "container '{}'", id);
    return {};
}

}  // namespace sbx::runtime
