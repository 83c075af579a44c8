#include "container/inspect.h"

#include <algorithm>

#include "container/blueprint.h"
#include "container/inspect_host.h"
#include "container/ports.h"
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

static Json create_command_of(const Blueprint& blueprint) {
    if (blueprint.create_command.empty()) return {};
    Json words = Json::array().push("sbx");
    for (const std::string& word : blueprint.create_command)
        words.push(word);
    return words;
}

static Json config_of(const Blueprint& blueprint) {
    const oci::Process& process = blueprint.request.spec.process;
    const auto entrypoint = static_cast<std::ptrdiff_t>(blueprint.entrypoint_words);
    Json json = Json::object();
    json.set("Hostname", blueprint.request.spec.hostname)
        .set("User", blueprint.request.identity.user)
        .set("Tty", process.terminal)
        .set("OpenStdin", blueprint.interactive)
        .set("Env", process.env)
        .set("Entrypoint", entrypoint == 0 ? Json()
                                           : Json(Json::Strings(process.args.begin(),
                                                                process.args.begin() + entrypoint)))
        .set("Cmd", Json::Strings(process.args.begin() + entrypoint, process.args.end()))
        .set("Image", blueprint.record.image_name)
        .set("CreateCommand", create_command_of(blueprint))
        .set("WorkingDir", process.cwd)
        .set("Labels", blueprint.record.labels)
        .set("Annotations", blueprint.request.spec.annotations)
        .set("StopSignal", os::signal_name(blueprint.stop_signal))
        .set("StopTimeout", blueprint.stop_timeout)
        .set("Secrets", secrets_of(blueprint))
        .set("ExposedPorts", exposed_ports_of(blueprint.exposed));
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

// Also of one that has ended: why it did may be seen there.
static Status status_with_health(const store::Containers& containers, const Blueprint& blueprint) {
    Status status = status_of(containers, blueprint.record);
    if (status.health || !blueprint.health) return status;
    if (const Result<os::Fd> folder = containers.find_runtime_folder(blueprint.record.id))
        status.health = read_health(*folder);
    return status;
}

static Json ports_of(const Status& status, const Blueprint& blueprint) {
    if (!status.live) return Json::object();
    return network_ports_of(ports_of(*status.live), blueprint.exposed);
}

static std::vector<Connection> connections_in(const Status& status) {
    return status.live ? connections_of(*status.live) : std::vector<Connection>();
}

Result<Json> inspect(const store::Store& store, const std::string& id) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const Blueprint blueprint = TRY(read_blueprint(containers, id));
    const store::ContainerRecord& r = blueprint.record;
    const oci::Process& process = blueprint.request.spec.process;
    const Status status = status_with_health(containers, blueprint);
    return Json::object()
        .set("Id", r.id)
        .set("Name", r.name)
        .set("Created", rfc3339(r.created))
        .set("Path", process.args.empty() ? "" : process.args.front())
        .set("Args", Json::Strings(process.args.begin() + (process.args.empty() ? 0 : 1),
                                   process.args.end()))
        .set("State", state_of(status, r))
        .set("Image", r.image_id)
        .set("ImageName", r.image_name)
        .set("RestartCount", r.restarts)
        .set("Pod", r.pod)
        .set("IsInfra", r.is_infra)
        .set("EffectiveCaps", process.capabilities.effective)
        .set("BoundingCaps", process.capabilities.bounding)
        .set("Mounts", mounts_of(store, blueprint))
        .set("Config", config_of(blueprint))
        .set("HostConfig", host_config_of(blueprint))
        .set("NetworkSettings", network_settings_of(blueprint, connections_in(status))
                                    .set("Ports", ports_of(status, blueprint)));
}

}  // namespace sbx::container
