#include "runtime/state.h"

#include <limits>

#include "base/text.h"
#include "oci/spec.h"

namespace sbx::runtime {

std::string_view name_of(Status status) {
    switch (status) {
        case Status::creating: return "creating";
        case Status::created: return "created";
        case Status::running: return "running";
        case Status::paused: return "paused";
        case Status::stopped: return "stopped";
    }
    std::unreachable();
}

Json State::to_json() const {
    Json json = Json::object();
    json.set("id", id)
        .set("bundle", bundle)
        .set("rootfs", rootfs)
        .set("pid", pid)
        .set("startTime", start_time)
        .set("created", rfc3339(created))
        .set("annotations", annotations)
        .set("owner", owner)
        .set("made", made)
        .set("ownKeyring", own_keyring);
    if (!cgroup.path.empty()) json.set("cgroup", cgroup.to_json());
    if (!resctrl.group.empty()) json.set("resctrl", resctrl.to_json());
    return json;
}

template <class T>
static Result<T> number_at(const Json& json, std::string_view key) {
    const auto value = TRY(json.get<std::uint64_t>(key));
    if (value > static_cast<std::uint64_t>(std::numeric_limits<T>::max()))
        return Error(Error::Kind::failed, "{} is too large: {}", key, value);
    return static_cast<T>(value);
}

Result<State> State::from_json(const Json& json) {
    State state;
    state.id = TRY(json.get<std::string>("id"));
    state.bundle = TRY(json.get<std::string>("bundle"));
    state.rootfs = TRY(json.get<std::string>("rootfs"));
    state.pid = TRY(number_at<pid_t>(json, "pid"));
    state.start_time = TRY(json.get<std::uint64_t>("startTime"));
    const std::string created = TRY(json.get<std::string>("created"));
    state.created = TRY(parse_rfc3339(created));
    state.annotations = TRY(json.get_or<Json::Map>("annotations", {}));
    state.owner = TRY(number_at<std::uint32_t>(json, "owner"));
    state.made = TRY(json.get_or("made", true));
    state.own_keyring = TRY(json.get_or("ownKeyring", true));
    const Json* cgroup = TRY(json.object_at("cgroup"));
    state.cgroup = TRY(sandbox::CgroupPlace::from_json(*cgroup), "cgroup");
    const Json* resctrl = TRY(json.object_at("resctrl"));
    state.resctrl = TRY(ResctrlPlace::from_json(*resctrl), "resctrl");
    return state;
}

Json state_document(const State& state, Status status) {
    Json json = Json::object();
    json.set("ociVersion", oci::kRuntimeSpecVersion)
        .set("id", state.id)
        .set("pid", status == Status::stopped ? 0 : state.pid)
        .set("status", name_of(status))
        .set("bundle", state.bundle)
        .set("rootfs", state.rootfs)
        .set("created", rfc3339(state.created));
    if (!state.annotations.empty()) json.set("annotations", state.annotations);
    return json;
}

}  // namespace sbx::runtime
