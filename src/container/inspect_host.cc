#include "container/inspect_host.h"

#include <algorithm>

#include "base/text.h"
#include "container/network_mode.h"
#include "container/ports.h"
#include "container/security.h"
#include "container/shared_namespaces.h"
#include "os/caps.h"

namespace sbx::container {

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

static std::string network_mode_of(const Blueprint& blueprint) {
    if (!blueprint.attachments.empty()) return blueprint.attachments.front().network;
    const oci::Spec& spec = blueprint.request.spec;
    return text_of({.host = !spec.find_namespace("network"),
                    .joined = joined_namespace(spec, "network"),
                    .slirp = blueprint.slirp,
                    .pasta = blueprint.pasta});
}

static Json log_config_of(const LogChoice& log) {
    Json config = Json::object();
    if (log.limits.size > 0) config.set("max-size", fmt::format("{}", log.limits.size));
    if (log.limits.files > 1) config.set("max-file", fmt::format("{}", log.limits.files));
    if (!log.tag.empty()) config.set("tag", log.tag);
    if (!log.labels.empty()) config.set("labels", log.labels);
    return Json::object().set("Type", log.driver).set("Config", config).set("Tag", log.tag);
}

// Of "size=65536k".
static std::int64_t number_in(std::string_view option) {
    return static_cast<std::int64_t>(parse_size(option.substr(option.find('=') + 1)).value_or(0));
}

static Json ulimits_of(const oci::Process& process) {
    constexpr std::string_view kPrefix = "RLIMIT_";
    Json limits = Json::array();
    for (const oci::Rlimit& limit : process.rlimits) {
        const bool known = limit.type.starts_with(kPrefix);
        limits.push(Json::object()
                        .set("Name", lower(known ? limit.type.substr(kPrefix.size()) : limit.type))
                        .set("Soft", limit.soft)
                        .set("Hard", limit.hard));
    }
    return limits;
}

static bool was_asked_for(const Blueprint& blueprint, const oci::Mount& mount) {
    const auto& asked = blueprint.record.mount_points;
    return std::ranges::find(asked, mount.destination) != asked.end();
}

static void add_mounts(const Blueprint& blueprint, Json& json) {
    Json binds = Json::array();
    Json tmpfs = Json::object();
    for (const oci::Mount& mount : blueprint.request.spec.mounts) {
        const std::string options = join(mount.options, ",");
        if (mount.destination == "/dev/shm")
            for (const std::string& option : mount.options)
                if (option.starts_with("size=")) json.set("ShmSize", number_in(option));
        if (!was_asked_for(blueprint, mount)) continue;
        if (mount.type == "bind")
            binds.push(fmt::format("{}:{}:{}", mount.source, mount.destination, options));
        else if (mount.type == "tmpfs")
            tmpfs.set(mount.destination, options);
    }
    json.set("Binds", std::move(binds)).set("Tmpfs", std::move(tmpfs));
}

static os::CapabilitySet set_of(const std::vector<std::string>& names) {
    os::CapabilitySet set = 0;
    for (const std::string& name : names)
        set |= os::parse_capability(name).value_or(0);
    return set;
}

static void add_security(const Blueprint& blueprint, Json& json) {
    const oci::Process& process = blueprint.request.spec.process;
    const os::CapabilitySet all = os::all_capabilities();
    const os::CapabilitySet own = set_of(process.capabilities.bounding);
    const bool unconfined = std::holds_alternative<sandbox::Unconfined>(blueprint.request.seccomp);
    Json options = Json::array();
    if (unconfined) options.push("seccomp=unconfined");
    if (process.no_new_privileges) options.push("no-new-privileges");
    json.set("Privileged", unconfined && own == all && blueprint.request.spec.masked_paths.empty())
        .set("CapAdd", os::capability_names(own & ~default_capabilities()))
        .set("CapDrop", os::capability_names(default_capabilities() & ~own))
        .set("SecurityOpt", std::move(options))
        .set("GroupAdd", blueprint.request.identity.groups)
        .set("Sysctls", blueprint.request.spec.sysctl)
        .set("OomScoreAdj", process.oom_score_adj.value_or(0))
        .set("Ulimits", ulimits_of(process));
}

Json host_config_of(const Blueprint& blueprint) {
    const oci::Spec& spec = blueprint.request.spec;
    const auto mode = [&](const char* type) -> std::string {
        std::string joined = joined_namespace(spec, type);
        if (!joined.empty()) return joined;
        return spec.find_namespace(type) ? "private" : "host";
    };
    Json json = Json::object();
    json.set("AutoRemove", blueprint.record.remove_after)
        .set("RestartPolicy", Json::object()
                                  .set("Name", blueprint.restart.name())
                                  .set("MaximumRetryCount", blueprint.restart.most))
        .set("LogConfig", log_config_of(blueprint.log))
        .set("NetworkMode", network_mode_of(blueprint))
        .set("PidMode", mode("pid"))
        .set("IpcMode", mode("ipc"))
        .set("UTSMode", mode("uts"))
        .set("CgroupnsMode", mode("cgroup"))
        .set("Dns", blueprint.files.asked.dns)
        .set("DnsOptions", blueprint.files.asked.dns_options)
        .set("DnsSearch", blueprint.files.asked.dns_search)
        .set("ExtraHosts", blueprint.files.asked.hosts)
        .set("ReadonlyRootfs", spec.root_read_only)
        .set("Init", blueprint.request.init);
    add_limits(blueprint, json);
    add_mounts(blueprint, json);
    add_security(blueprint, json);
    if (blueprint.egress) json.set("Egress", to_json(*blueprint.egress));
    return json.set("PortBindings", port_bindings_of(blueprint.ports));
}

// Of its device, or of none: there is but the loopback, or all that the host has.
static Json network_of(const std::optional<network::Settings>& slirp) {
    using network::Settings;
    const bool v6 = slirp && slirp->ipv6;
    return Json::object()
        .set("IPAddress", slirp ? slirp->own().text() : "")
        .set("IPPrefixLen", slirp ? std::uint32_t{slirp->prefix} : 0U)
        .set("Gateway", slirp ? slirp->gateway().text() : "")
        .set("GlobalIPv6Address", v6 ? Settings::own6().text() : "")
        .set("GlobalIPv6PrefixLen", v6 ? std::uint32_t{Settings::kPrefix6} : 0U)
        .set("IPv6Gateway", v6 ? Settings::gateway6().text() : "")
        .set("MacAddress", slirp ? network::hardware_text({network::kHardwareAddress, 6}) : "");
}

// As docker has it: each network by its name, and nothing about a network of its own.
static Json shared_settings_of(const Blueprint& blueprint,
                               const std::vector<Connection>& connections) {
    Json networks = Json::object();
    for (const Attachment& one : blueprint.attachments) {
        const auto found = std::ranges::find(connections, one.network, &Connection::network);
        const bool there = found != connections.end();
        networks.set(one.network, settings_of(there ? *found : Connection{.aliases = one.aliases}));
    }
    return network_of(std::nullopt)
        .set("Ports", Json::object())
        .set("Networks", std::move(networks));
}

Json network_settings_of(const Blueprint& blueprint, const std::vector<Connection>& connections) {
    if (!blueprint.attachments.empty()) return shared_settings_of(blueprint, connections);
    const std::string mode = network_mode_of(blueprint);
    const Json network = network_of(blueprint.slirp);
    Json networks = Json::object();
    if (joined_namespace(blueprint.request.spec, "network").empty())
        networks.set(mode.substr(0, mode.find(':')), network);
    return Json(network).set("Ports", Json::object()).set("Networks", std::move(networks));
}

}  // namespace sbx::container
