#include "container/compose.h"

#include <algorithm>
#include <climits>

#include "base/text.h"
#include "base/time.h"
#include "container/compose_mounts.h"
#include "container/compose_namespaces.h"
#include "container/environment.h"
#include "container/limits.h"
#include "container/names.h"
#include "container/network_mode.h"
#include "container/ports.h"
#include "container/resources.h"
#include "container/secrets.h"
#include "container/security.h"
#include "container/shared_namespaces.h"
#include "oci/manifest.h"
#include "os/caps.h"
#include "os/random.h"
#include "os/signals.h"
#include "store/layers.h"
#include "store/networks.h"

namespace sbx::container {

static std::string choose_name(const Options& options, const store::Containers& containers) {
    if (!options.name.empty()) return options.name;
    std::string name = random_name();
    while (!containers.name_is_free(name))
        name = fmt::format("{}_{}", random_name(), os::random_hex(4));
    return name;
}

// "[...]" is a JSON array, as docker's ENTRYPOINT takes it; else it is one word.
static Result<std::vector<std::string>> parse_entrypoint(const std::string& text) {
    if (text.empty()) return std::vector<std::string>();
    if (!text.starts_with('[')) return std::vector<std::string>{text};
    const Json json = TRY(Json::parse(text), "--entrypoint");
    return TRY(Json::object().set("entrypoint", json).get<Json::Strings>("entrypoint"),
               "--entrypoint");
}

// The image's Cmd belongs to the image's Entrypoint: another entrypoint does without it.
static Result<> compose_command(const Options& options, const oci::ImageDefaults& defaults,
                                Blueprint& blueprint) {
    std::vector<std::string> command =
        options.entrypoint ? TRY(parse_entrypoint(*options.entrypoint)) : defaults.entrypoint;
    blueprint.entrypoint_words = command.size();
    const bool image_command = options.command.empty() && !options.entrypoint;
    const std::vector<std::string>& rest = image_command ? defaults.cmd : options.command;
    command.insert(command.end(), rest.begin(), rest.end());
    if (command.empty() && options.entrypoint)
        return Error(Error::Kind::usage,
                     "no command given, and with --entrypoint the image's does not count");
    if (command.empty())
        return Error(Error::Kind::usage, "no command given, and the image names none");
    if (command.front().empty()) return Error(Error::Kind::usage, "the command is an empty word");
    blueprint.request.spec.process.args = std::move(command);
    return {};
}

static Result<std::vector<std::string>> compose_env(const Options& options,
                                                    const oci::ImageDefaults& defaults,
                                                    const Surroundings& surroundings,
                                                    const std::string& hostname) {
    Variables variables;
    for (const std::string& entry : defaults.env)
        variables.set(entry);
    for (const std::string& entry : own_variables(hostname))
        variables.set_default(entry);
    if (options.tty) variables.set_default(kOwnTerm);
    for (const std::string& name : options.unset_env)
        variables.unset(name);
    for (const std::string& path : options.env_files)
        TRY(apply_env_file(path, surroundings.environment, variables));
    for (const std::string& text : options.env)
        TRY(apply_env(text, surroundings.environment, variables));
    return variables.entries();
}

// As docker: an id of --user is looked up in the image; keep-id means to be oneself.
static sandbox::Identity compose_identity(const Options& options,
                                          const oci::ImageDefaults& defaults,
                                          const sandbox::UserNamespace& ns) {
    sandbox::Identity identity{.user = options.user.empty() ? defaults.user : options.user};
    if (const auto* keep = std::get_if<sandbox::KeepId>(&ns); keep && options.user.empty())
        identity.user = fmt::format("{}:{}", keep->uid, keep->gid);
    for (const std::string& group : options.groups) {
        if (group == "keep-groups")
            identity.keep_groups = true;
        else
            identity.groups.push_back(group);
    }
    return identity;
}

static Result<> compose_process(const Options& options, const oci::ImageDefaults& defaults,
                                oci::Process& process) {
    process.terminal = options.tty;
    process.cwd = "/";
    if (!defaults.working_dir.empty())
        process.cwd = os::InnerPath::clean(defaults.working_dir).text();
    if (!options.workdir.empty()) process.cwd = options.workdir;
    if (!process.cwd.starts_with('/'))
        return Error(Error::Kind::usage, "--workdir {}: an absolute path belongs there",
                     excerpt(process.cwd));
    process.user.umask = TRY(parse_umask(options.umask));
    process.rlimits = TRY(compose_limits(options.ulimits));
    if (!options.oom_score_adj.empty())
        process.oom_score_adj = static_cast<int>(
            TRY(parse_number(options.oom_score_adj, -1000, 1000), "--oom-score-adj"));
    return {};
}

static Result<> compose_security(const Options& options, const Surroundings& surroundings,
                                 Blueprint& blueprint) {
    Security security = TRY(parse_security(options, surroundings.throttled_cpus));
    sandbox::Request& request = blueprint.request;
    request.spec.process.capabilities =
        oci::Capabilities::of(os::capability_names(security.capabilities));
    request.spec.process.no_new_privileges = security.no_new_privileges;
    request.spec.masked_paths = std::move(security.masked_paths);
    request.spec.read_only_paths = std::move(security.read_only_paths);
    request.added_capabilities = security.added;
    request.seccomp = std::move(security.seccomp);
    blueprint.seccomp_text = std::move(security.seccomp_text);
    return {};
}

static Result<> compose_times(const Options& options, const oci::ImageDefaults& defaults,
                              Blueprint& blueprint) {
    const bool asked = !options.stop_signal.empty();
    const std::string& text = asked ? options.stop_signal : defaults.stop_signal;
    if (!text.empty())
        blueprint.stop_signal =
            TRY(os::parse_signal(text), "{}", asked ? "--stop-signal" : "the image's StopSignal");
    if (!options.stop_timeout.empty())
        blueprint.stop_timeout = static_cast<int>(
            TRY(parse_number(options.stop_timeout, -1, INT_MAX), "--stop-timeout"));
    if (!options.timeout.empty() && options.timeout != "0")
        blueprint.timeout = TRY(parse_duration(options.timeout), "--timeout");
    return {};
}

static void note_image(const std::optional<store::Image>& image, const store::Store& store,
                       Blueprint& blueprint) {
    if (!image) return;
    store::ContainerRecord& record = blueprint.record;
    record.image_id = image->id.text();
    blueprint.request.image =
        sandbox::ImageRoot{.layers_directory = store::Layers::links_path(store),
                           .layers = image->layers,
                           .container = store::Containers::relative_path(record.id),
                           .lasting = !record.remove_after};
    // Where it cannot be had, the container's own layer has what images lack.
    if (image->layers.size() < oci::kMostLayers)
        blueprint.request.image->mount_points = store::Layers::mount_points(store).value_or("");
    for (const std::string& note : image->defaults.ignored)
        blueprint.warnings.push_back(note);
}

static Result<store::ContainerRecord> compose_record(const Options& options,
                                                     const oci::ImageDefaults& defaults,
                                                     const store::Store& store) {
    const store::Containers containers = TRY(store::Containers::open(store));
    store::ContainerRecord record{.id = os::random_hex(64),
                                  .name = choose_name(options, containers),
                                  .labels = defaults.labels,
                                  .created = now(),
                                  .remove_after = options.remove};
    TRY(store::check_object_name("container", record.name));
    for (auto& [key, value] : TRY(parse_labels(options.labels, options.label_files)))
        record.labels[key] = value;
    return record;
}

// As docker and podman: with the host's network comes its name.
static bool has_hosts_name(const Options& options, const NetworkMode& network,
                           const Surroundings& surroundings) {
    const bool wanted = options.uts == "host" || (network.host && options.uts.empty());
    return wanted && check_hostname(surroundings.hostname);
}

static Result<std::string> choose_hostname(const Options& options, const Namespaces& namespaces,
                                           const std::string& fallback) {
    if (!namespaces.hostname.empty()) return namespaces.hostname;
    if (options.hostname.empty()) return fallback;
    if (options.uts != "host") return options.hostname;
    return Error(Error::Kind::usage, "--hostname {}: with --uts host the name is the host's",
                 excerpt(options.hostname));
}

static Result<store::Network> find_network(const store::Networks& networks,
                                           const std::string& name) {
    Result<store::Network> network = networks.find(name);
    if (network || !network.failed_as(Error::Kind::not_found)) return network;
    return std::move(network)
        .error()
        .context("--network " + name)
        .hint(fmt::format("`sbx network create {}` makes it", name));
}

// Those that are there, and can give what is asked for.
static Result<> compose_attachments(const Options& options, const Surroundings& surroundings,
                                    const store::Store& store, Blueprint& blueprint) {
    blueprint.shares = true;
    blueprint.attachments = TRY(parse_attachments(options.networks, options.attachment));
    if (!surroundings.no_network.empty())
        return Error(Error::Kind::unsupported, "--network {}: {}",
                     blueprint.attachments.front().network, surroundings.no_network);
    const store::Networks networks = TRY(store::Networks::open(store));
    for (Attachment& one : blueprint.attachments) {
        const store::Network network = TRY(find_network(networks, one.network));
        one.network = network.name;
        TRY(check_attachment(one, network), "--network {}", one.network);
        blueprint.record.networks.push_back(network.name);
    }
    return check_apart(blueprint.attachments);  // one may have been there by its name and by its id
}

// One that nobody asked for is gone without.
static Result<NetworkMode> compose_network(const Options& options, const Surroundings& surroundings,
                                           Blueprint& blueprint) {
    if (!options.attachment.empty() && options.networks.empty())
        return Error(Error::Kind::usage,
                     "--ip, --ip6, --mac-address and --network-alias are for networks by name")
            .hint("`sbx network create` makes one");
    NetworkMode mode = TRY(parse_network_mode(options.network));
    if ((mode.slirp || mode.pasta) && !surroundings.no_network.empty()) {
        if (!options.network.empty())
            return Error(Error::Kind::unsupported, "--network {}: {}", excerpt(options.network),
                         surroundings.no_network);
        blueprint.warnings.push_back("no network but the loopback: " + surroundings.no_network);
        mode.slirp.reset();
    }
    blueprint.slirp = mode.slirp;
    blueprint.pasta = mode.pasta;
    return mode;
}

// Where there is none to be had, and none was asked for by name, nothing can be reached anyway.
static Result<> compose_egress(const Options& options, const Surroundings& surroundings,
                               Blueprint& blueprint) {
    blueprint.egress = TRY(compose_egress(options.egress, surroundings.working_directory));
    const bool has_none =
        !surroundings.no_network.empty() && options.network.empty() && options.networks.empty();
    if (!blueprint.egress) return {};
    if (!options.dns.empty() && blueprint.egress->rules.are_about_names())
        return Error(Error::Kind::usage,
                     "--dns {}: rules about names hold for the container's own name server alone",
                     excerpt(options.dns.front()));
    if (blueprint.pasta)
        return Error(Error::Kind::unsupported,
                     "--net-allow, --net-deny and --net-log are kept by sbx's own network, and "
                     "--network pasta does without it")
            .hint("--network slirp, the default, is that");
    if (blueprint.slirp || has_none || !options.networks.empty()) return {};
    return Error(Error::Kind::usage,
                 "--net-allow, --net-deny and --net-log are for a network of the container's own")
        .hint("--network slirp, the default, is one, and so is a network by name");
}

static Result<> compose_spec(const Options& options, const oci::ImageDefaults& defaults,
                             oci::Spec& spec) {
    spec.root_path = options.rootfs;
    spec.root_read_only = options.read_only;
    spec.annotations = TRY(parse_labels(options.annotations, {}));
    spec.sysctl = TRY(parse_sysctls(options.sysctls));
    return compose_process(options, defaults, spec.process);
}

static Result<> compose_cgroup(const Options& options, Blueprint& blueprint) {
    sandbox::Request& request = blueprint.request;
    request.spec.resources = TRY(compose_resources(options.resources));
    sandbox::CgroupWish& wish = request.cgroup;
    wish.name = "sbx-" + blueprint.record.id.substr(0, 12);
    wish.parent = options.cgroup_parent;
    wish.wanted = !options.cgroups.empty();
    if (options.cgroups == "disabled") wish.manager = sandbox::CgroupManager::disabled;
    return {};
}

static Result<LogChoice> compose_log(const Options& options, const Surroundings& surroundings) {
    LogChoice choice = TRY(parse_log_options(options.log_driver, options.log_options));
    if (choice.in_journal() && !surroundings.no_journal.empty())
        return Error(Error::Kind::unsupported, "--log-driver journald: {}", surroundings.no_journal)
            .hint("systemd-journald has to run; without it k8s-file keeps the output in a file");
    return choice;
}

static Result<> compose_request(const Options& options, const oci::ImageDefaults& defaults,
                                const Surroundings& surroundings, Blueprint& blueprint) {
    sandbox::Request& request = blueprint.request;
    request.identity = compose_identity(options, defaults, request.user_namespace);
    request.init = options.init;
    request.keyring = "sbx-" + blueprint.record.id.substr(0, 12);
    request.kept_descriptors = options.preserve_fds;
    blueprint.interactive = options.interactive;
    blueprint.detach_keys = options.detach_keys.value_or("");
    blueprint.restart = TRY(RestartPolicy::parse(options.restart), "--restart");
    blueprint.log = TRY(compose_log(options, surroundings));
    TRY(compose_cgroup(options, blueprint));
    return compose_security(options, surroundings, blueprint);
}

static Result<> check_restart(const Options& options, const Blueprint& blueprint) {
    if (!blueprint.can_restart()) return {};
    const bool by_policy = blueprint.restart.when != RestartPolicy::When::no;
    const char* asked = by_policy ? "--restart" : "--health-on-failure restart";
    if (options.remove) return Error(Error::Kind::usage, "{} and --rm exclude each other", asked);
    if (options.preserve_fds == 0) return {};
    return Error(Error::Kind::usage,
                 "{} and --preserve-fds exclude each other: descriptors are handed on once", asked);
}

// Whoever has the network says what its addresses are.
static void share_files(const NetworkFiles& others, const Options& options, NetworkFiles& files) {
    if (!options.no_hosts) files.hosts = others.hosts;
    files.resolv = others.resolv;
}

static void place_mounts(ComposedMounts mounts, Blueprint& blueprint) {
    store::ContainerRecord& record = blueprint.record;
    blueprint.request.spec.mounts = std::move(mounts.mounts);
    blueprint.request.spec.devices = std::move(mounts.devices);
    record.mount_points = std::move(mounts.targets);
    record.mounted_images = std::move(mounts.image_ids);
    for (const store::Volume& volume : mounts.volumes) {
        record.volumes.push_back(volume.name);
        if (volume.anonymous) record.anonymous_volumes.push_back(volume.name);
    }
    blueprint.volumes = std::move(mounts.volumes);
    blueprint.warnings.insert(blueprint.warnings.end(), mounts.warnings.begin(),
                              mounts.warnings.end());
}

Result<Blueprint> compose(const Options& options, const std::optional<store::Image>& image,
                          const Surroundings& surroundings, const store::Store& store) {
    const oci::ImageDefaults defaults = image ? image->defaults : oci::ImageDefaults();
    Blueprint blueprint{.record = TRY(compose_record(options, defaults, store))};
    store::ContainerRecord& record = blueprint.record;
    oci::Spec& spec = blueprint.request.spec;
    NetworkMode asked;
    if (options.networks.empty())
        asked = TRY(compose_network(options, surroundings, blueprint));
    else
        TRY(compose_attachments(options, surroundings, store, blueprint));
    TRY(compose_egress(options, surroundings, blueprint));
    const NetworkMode network = TRY(follow_to_host(asked, store));
    Namespaces namespaces = TRY(compose_namespaces(options, network, surroundings, store));
    const std::string hostname = TRY(choose_hostname(options, namespaces,
                                                     has_hosts_name(options, network, surroundings)
                                                         ? surroundings.hostname
                                                         : record.id.substr(0, 12)));
    if (options.uts != "host" && !joins_namespace(options.uts)) spec.hostname = hostname;
    spec.namespaces = std::move(namespaces.all);
    blueprint.request.user_namespace = namespaces.user;
    TRY(compose_spec(options, defaults, spec));
    TRY(compose_command(options, defaults, blueprint));
    spec.process.env = TRY(compose_env(options, defaults, surroundings, hostname));
    record.command = spec.process.args;
    TRY(compose_request(options, defaults, surroundings, blueprint));
    TRY(compose_times(options, defaults, blueprint));
    blueprint.health = TRY(compose_health(options.health, defaults.healthcheck));
    TRY(check_restart(options, blueprint));
    TRY(compose_ports(options, defaults, blueprint));
    note_image(image, store, blueprint);

    blueprint.files =
        TRY(compose_network_files(options, {.hostname = hostname,
                                            .name = record.name,
                                            .own_network = !network.host && network.joined.empty(),
                                            .slirp = network.slirp,
                                            .pasta = network.pasta.has_value(),
                                            .shared = !blueprint.attachments.empty(),
                                            .host_resolv = surroundings.host_resolv}));
    if (namespaces.files) share_files(*namespaces.files, options, blueprint.files);
    place_mounts(
        TRY(compose_mounts(
            {.options = options,
             .image = image,
             .surroundings = surroundings,
             .store = store,
             .files_directory = fmt::format("{}/containers/{}", store.places().runtime, record.id),
             .own_directory = fmt::format("{}/containers/{}", store.places().data, record.id),
             .files = blueprint.files,
             .ipc_sharer = sharer_of(spec, "ipc")})),
        blueprint);
    TRY(compose_secrets(options.secrets, store, blueprint));
    return blueprint;
}

}  // namespace sbx::container
