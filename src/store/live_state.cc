#include "store/live_state.h"

namespace sbx::store {

// 0 and less mean all processes, and groups of them, to kill(2).
static Result<pid_t> pid_at(const Json& json, std::string_view key) {
    const auto pid = TRY(json.get<std::int64_t>(key));
    if (pid > 0 && pid <= INT32_MAX) return static_cast<pid_t>(pid);
    return Error(Error::Kind::failed, "'{}' is {}, which is no process", key, pid);
}

Json to_json(const LiveState& state) {
    return Json::object()
        .set("pid", state.pid)
        .set("start_time", state.start_time)
        .set("monitor", state.monitor)
        .set("monitor_start_time", state.monitor_start_time)
        .set("started", rfc3339(state.started))
        .set("cgroup", state.cgroup)
        .set("ports", state.ports)
        .set("networks", state.networks);
}

Result<LiveState> live_state_from(const Json& json) {
    const std::string started = TRY(json.get<std::string>("started"));
    LiveState state{.pid = TRY(pid_at(json, "pid"))};
    state.start_time = TRY(json.get<std::uint64_t>("start_time"));
    state.monitor = static_cast<pid_t>(TRY(json.get<std::int64_t>("monitor")));
    state.monitor_start_time = TRY(json.get<std::uint64_t>("monitor_start_time"));
    state.started = TRY(parse_rfc3339(started));
    state.cgroup = json["cgroup"];
    state.ports = json["ports"];
    state.networks = json["networks"];
    return state;
}

Json to_json(const ProcessName& process) {
    return Json::object().set("pid", process.pid).set("start_time", process.start_time);
}

Result<ProcessName> process_name_from(const Json& json) {
    ProcessName process{.pid = TRY(pid_at(json, "pid"))};
    process.start_time = TRY(json.get<std::uint64_t>("start_time"));
    return process;
}

}  // namespace sbx::store
