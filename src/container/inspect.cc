#include "container/inspect.h"

#include <algorithm>

#include "container/blueprint.h"
#include "container/status.h"
#include "os/signals.h"

namespace sbx::container {

static std::string time_text(const std::optional<Instant>& time) {
    return time ? rfc3339(*time) : "0001-01-01T00:00:00Z";  // Go's zero time, as clients expect it
}

// NOLINTBEGIN(bugprone-unchecked-optional-access): what runs has a live state
static Json state_of(const Status& status, const store::ContainerRecord& record) {
    const bool running = status.state == State::running;
    Json json = Json::object();
    json.set("Status", name_of(status))
        .set("Running", running)
        .set("Paused", status.paused)
        .set("Restarting", status.restarting)
        .set("OOMKilled", !running && record.oom_killed)
        .set("Dead", false)
        .set("Pid", running ? status.live->pid : 0)
        .set("ExitCode", status.exit_code)
        .set("Error", record.failure)
        .set("StartedAt", time_text(running ? std::optional(status.live->started) : record.started))
        .set("FinishedAt", time_text(running ? std::nullopt : record.finished));
    if (status.health) json.set("Health", to_json(*status.health));
    return json;
}
// NOLINTEND(bugprone-unchecked-optional-access)

// Their names, and what becomes of them.
static Json secrets_of(const Blueprint& blueprint) {
    Json secrets = Json::array();
    for (const oci::Mount& mount : blueprint.request.spec.mounts)
        if (mount.type == "secret")
            secrets.push(Json::object().set("Name", mount.source).set("Target", mount.destination));
    for (const auto& [variable, name] : blueprint.env_secrets)
        secrets.push(Json::object().set("Name", name).set("Env", variable));
    return secrets;
}

static Json config_of(const Blueprint& blueprint) {
    const oci::Process& process = blueprint.request.spec.process;
    Json json = Json::object();
    json.set("Hostname", blueprint.request.spec.hostname)
        .set("User", blueprint.request.identity.user)
        .set("Tty", process.terminal)
        .set("OpenStdin", blueprint.interactive)
        .set("Env", process.env)
        .set("Cmd", process.args)
        .set("Image", blueprint.record.image_name)
        .set("WorkingDir", process.cwd)
        .set("Labels", blueprint.record.labels)
        .set("Annotations", blueprint.request.spec.annotations)
        .set("StopSignal", os::signal_name(blueprint.stop_signal))
        .set("StopTimeout", blueprint.stop_timeout)
        .set("Secrets", secrets_of(blueprint));
    if (!blueprint.health) return json;
    json.set("Healthcheck", blueprint.health->config.to_json())
        .set("HealthcheckOnFailureAction", name_of(blueprint.health->on_failure));
    return json;
}

static std::string volume_of(const store::Store& store, const oci::Mount& mount) {
    if (mount.type != "bind") return {};
    return store::Volumes::name_at(store, mount.source);
}

static Json mount_of(const store::Store& store, const oci::Mount& mount) {
    const bool layers = mount.type == "layers";
    const bool read_only = layers || std::ranges::find(mount.options, "ro") != mount.options.end();
    const std::string volume = volume_of(store, mount);
    Json json = Json::object();
    json.set("Type", !volume.empty() ? "volume" : layers ? "image" : mount.type.c_str());
    if (!volume.empty()) json.set("Name", volume);
    json.set("Source", mount.source)
        .set("Destination", mount.destination)
        .set("Options", mount.options)
        .set("RW", !read_only);
    return json;
}

static Json mounts_of(const store::Store& store, const Blueprint& blueprint) {
    Json mounts = Json::array();
    for (const oci::Mount& mount : blueprint.request.spec.mounts) {
        const auto& asked = blueprint.record.mount_points;
        if (std::ranges::find(asked, mount.destination) == asked.end()) continue;
        mounts.push(mount_of(store, mount));
    }
    return mounts;
}

// What docker's clients look for, with 0 for what is not limited.
static void add_limits(const Blueprint& blueprint, Json& json) {
    const oci::Resources& limits = blueprint.request.spec.resources;
    const oci::CpuLimits& cpu = limits.cpu;
    const std::int64_t quota = std::max<std::int64_t>(cpu.quota.value_or(0), 0);
    const auto period = static_cast<std::int64_t>(cpu.period.value_or(0));
    constexpr std::int64_t kBillion = 1'000'000'000;
    json.set("Memory", limits.memory.limit.value_or(0))
        .set("MemorySwap", limits.memory.swap.value_or(0))
        .set("MemoryReservation", limits.memory.reservation.value_or(0))
        .set("CpuShares", cpu.shares.value_or(0))
        .set("CpuPeriod", period)
        .set("CpuQuota", quota)
        .set("NanoCpus", period > 0 && quota < INT64_MAX / kBillion ? quota * kBillion / period : 0)
        .set("CpusetCpus", cpu.cpus)
        .set("CpusetMems", cpu.mems)
        .set("PidsLimit", limits.pids_limit.value_or(0))
        .set("BlkioWeight", std::uint32_t{limits.block.weight.value_or(0)})
        .set("CgroupConf", limits.unified)
        .set("CgroupParent", blueprint.request.cgroup.parent);
}

static Json log_config_of(const LogChoice& log) {
    Json config = Json::object();
    if (log.limits.size > 0) config.set("max-size", fmt::format("{}", log.limits.size));
    if (log.limits.files > 1) config.set("max-file", fmt::format("{}", log.limits.files));
    return Json::object().set("Type", log.driver).set("Config", config);
}

static Json host_config_of(const Blueprint& blueprint) {
    const oci::Spec& spec = blueprint.request.spec;
    const auto mode = [&](const char* type) {
        return spec.find_namespace(type) ? "private" : "host";
    };
    Json json = Json::object();
    json.set("AutoRemove", blueprint.record.remove_after)
        .set("RestartPolicy", Json::object()
                                  .set("Name", blueprint.restart.name())
                                  .set("MaximumRetryCount", blueprint.restart.most))
        .set("LogConfig", log_config_of(blueprint.log))
        .set("NetworkMode", spec.find_namespace("network") ? "none" : "host")
        .set("PidMode", mode("pid"))
        .set("IpcMode", mode("ipc"))
        .set("UTSMode", mode("uts"))
        .set("ReadonlyRootfs", spec.root_read_only)
        .set("Init", blueprint.request.init);
    add_limits(blueprint, json);
    return json;
}

Result<Json> inspect(const store::Store& store, const std::string& id) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const Blueprint blueprint = TRY(read_blueprint(containers, id));
    const store::ContainerRecord& r = blueprint.record;
    const oci::Process& process = blueprint.request.spec.process;
    return Json::object()
        .set("Id", r.id)
        .set("Name", r.name)
        .set("Created", rfc3339(r.created))
        .set("Path", process.args.empty() ? "" : process.args.front())
        .set("Args", Json::Strings(process.args.begin() + (process.args.empty() ? 0 : 1),
                                   process.args.end()))
        .set("State", state_of(status_of(containers, r), r))
        .set("Image", r.image_id)
        .set("ImageName", r.image_name)
        .set("RestartCount", r.restarts)
        .set("EffectiveCaps", process.capabilities.effective)
        .set("BoundingCaps", process.capabilities.bounding)
        .set("Mounts", mounts_of(store, blueprint))
        .set("Config", config_of(blueprint))
        .set("HostConfig", host_config_of(blueprint));
}

}  // namespace sbx::container
