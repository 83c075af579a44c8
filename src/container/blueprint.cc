#include "container/blueprint.h"

#include <algorithm>
#include <climits>

#include <signal.h>

#include "base/text.h"
#include "container/ports.h"
#include "container/security.h"
#include "container/shared_namespaces.h"

namespace sbx::container {

static Json json_of(const sandbox::ImageRoot& image) {
    Json json = Json::object();
    json.set("layers_directory", image.layers_directory)
        .set("layers", image.layers)
        .set("container", image.container)
        .set("mount_points", image.mount_points)
        .set("lasting", image.lasting);
    if (image.driver) json.set("driver", sandbox::name_of(*image.driver));
    return json;
}

static Json json_of(const sandbox::Identity& identity) {
    return Json::object()
        .set("user", identity.user)
        .set("groups", identity.groups)
        .set("keep_groups", identity.keep_groups);
}

static Json json_of(const NetworkFiles& files) {
    Json json = Json::object();
    json.set("hostname", files.hostname).set("hosts", files.hosts);
    if (files.resolv) json.set("resolv", *files.resolv);
    json.set("dns", files.asked.dns)
        .set("dns_search", files.asked.dns_search)
        .set("dns_options", files.asked.dns_options)
        .set("added_hosts", files.asked.hosts);
    return json;
}

static Json json_of(const sandbox::UserNamespace& ns) {
    const auto* keep = std::get_if<sandbox::KeepId>(&ns);
    if (!keep) return {};
    return Json::object().set("uid", keep->uid).set("gid", keep->gid);
}

static Json json_of(const sandbox::CgroupWish& wish) {
    return Json::object()
        .set("manager", sandbox::name_of(wish.manager))
        .set("wanted", wish.wanted)
        .set("name", wish.name)
        .set("parent", wish.parent);
}

static const char* name_of(const sandbox::SeccompChoice& choice) {
    if (std::holds_alternative<sandbox::Unconfined>(choice)) return "unconfined";
    return std::holds_alternative<sandbox::DefaultFilter>(choice) ? "default" : "profile";
}

Json to_json(const Blueprint& b) {
    Json json = Json::object();
    json.set("spec", without_sharers(b.request.spec).to_json())
        .set("shared_namespaces", sharers_of(b.request.spec))
        .set("identity", json_of(b.request.identity))
        .set("keep_id", json_of(b.request.user_namespace))
        .set("entrypoint_words", static_cast<std::uint64_t>(b.entrypoint_words))
        .set("seccomp", name_of(b.request.seccomp))
        .set("seccomp_profile", b.seccomp_text)
        .set("added_capabilities", b.request.added_capabilities)
        .set("cgroup", json_of(b.request.cgroup))
        .set("keyring", b.request.keyring)
        .set("init", b.request.init)
        .set("files", json_of(b.files))
        .set("ports", network::to_json(b.ports))
        .set("exposed", words_of(b.exposed))
        .set("attachments", to_json(b.attachments))
        .set("shares", b.shares)
        .set("interactive", b.interactive)
        .set("stop_signal", b.stop_signal)
        .set("stop_timeout", b.stop_timeout)
        .set("detach_keys", b.detach_keys)
        .set("log", to_json(b.log))
        .set("restart", b.restart.text())
        .set("create_command", b.create_command)
        .set("create_directory", b.create_directory)
        .set("env_secrets", b.env_secrets);
    if (b.request.image) json.set("image", json_of(*b.request.image));
    if (b.slirp) json.set("slirp", b.slirp->text());
    if (b.pasta) json.set("pasta", b.pasta->text());
    if (b.egress) json.set("egress", to_json(*b.egress));
    if (b.health) json.set("health", to_json(*b.health));
    if (b.timeout) json.set("timeout", static_cast<std::int64_t>(b.timeout->count()));
    return json;
}

// Only the first member of an initializer may hold a TRY: where a later one returns, GCC 12 leaks
// what the members before it made.

static Result<sandbox::ImageRoot> image_from(const Json& json) {
    const auto directory = TRY(json.get<std::string>("layers_directory"));
    const auto layers = TRY(json.get<Json::Strings>("layers"));
    const auto container = TRY(json.get<std::string>("container"));
    const auto mount_points = TRY(json.get_or<std::string>("mount_points", ""));
    const bool lasting = TRY(json.get<bool>("lasting"));
    sandbox::ImageRoot image{.layers_directory = directory,
                             .layers = layers,
                             .container = container,
                             .mount_points = mount_points,
                             .lasting = lasting};
    if (const auto driver = TRY(json.get_optional<std::string>("driver")))
        image.driver = TRY(sandbox::parse_driver(*driver));
    return image;
}

static Result<sandbox::Identity> identity_from(const Json& json) {
    sandbox::Identity identity{.user = TRY(json.get_or<std::string>("user", ""))};
    identity.groups = TRY(json.get_or<Json::Strings>("groups", {}));
    identity.keep_groups = TRY(json.get_or<bool>("keep_groups", false));
    return identity;
}

static Result<NetworkFiles> files_from(const Json& json) {
    NetworkFiles files{.hostname = TRY(json.get_or<std::string>("hostname", ""))};
    files.hosts = TRY(json.get_or<std::string>("hosts", ""));
    files.resolv = TRY(json.get_optional<std::string>("resolv"));
    files.asked.dns = TRY(json.get_or<Json::Strings>("dns", {}));
    files.asked.dns_search = TRY(json.get_or<Json::Strings>("dns_search", {}));
    files.asked.dns_options = TRY(json.get_or<Json::Strings>("dns_options", {}));
    files.asked.hosts = TRY(json.get_or<Json::Strings>("added_hosts", {}));
    return files;
}

static Result<sandbox::SeccompChoice> seccomp_from(const Json& json, const oci::Spec& spec) {
    const std::string choice = TRY(json.get_or<std::string>("seccomp", "default"));
    if (choice == "unconfined") return sandbox::SeccompChoice(sandbox::Unconfined{});
    if (choice == "default") return sandbox::SeccompChoice(sandbox::DefaultFilter{});
    if (choice != "profile")
        return Error(Error::Kind::failed, "'seccomp' is '{}', which there is not", excerpt(choice));
    const std::string text = TRY(json.get<std::string>("seccomp_profile"));
    os::CapabilitySet capabilities = 0;
    for (const std::string& name : spec.process.capabilities.bounding)
        capabilities |= TRY(os::parse_capability(name));
    return sandbox::SeccompChoice(TRY(parse_seccomp_profile(text, capabilities)));
}

// A number that has to be in a range: of signals, descriptors, ids.
static Result<std::int64_t> number_at(const Json& json, std::string_view key, std::int64_t most) {
    const auto number = TRY(json.get_or<std::int64_t>(key, 0));
    if (number >= 0 && number <= most) return number;
    return Error(Error::Kind::failed, "'{}' is {}, where 0 to {} belongs", key, number, most);
}

static Result<sandbox::UserNamespace> user_namespace_from(const Json& json) {
    const Json* keep = json.find("keep_id");
    if (!keep) return sandbox::UserNamespace(sandbox::OwnIds{});
    const std::int64_t uid = TRY(number_at(*keep, "uid", UINT32_MAX));
    const std::int64_t gid = TRY(number_at(*keep, "gid", UINT32_MAX));
    return sandbox::UserNamespace(sandbox::KeepId{.uid = static_cast<std::uint32_t>(uid),
                                                  .gid = static_cast<std::uint32_t>(gid)});
}

static Result<sandbox::CgroupWish> cgroup_from(const Json& json) {
    const std::string manager = TRY(json.get_or<std::string>("manager", "automatic"));
    sandbox::CgroupWish wish{.manager = TRY(sandbox::parse_cgroup_manager(manager))};
    wish.wanted = TRY(json.get_or<bool>("wanted", false));
    wish.name = TRY(json.get_or<std::string>("name", ""));
    wish.parent = TRY(json.get_or<std::string>("parent", ""));
    return wish;
}

static Result<sandbox::Request> request_from(const Json& json) {
    sandbox::Request request{.spec = TRY(oci::Spec::from_json(json["spec"]))};
    const Json::Map sharers = TRY(json.get_or<Json::Map>("shared_namespaces", {}));
    set_sharers(sharers, request.spec);
    request.identity = TRY(identity_from(json["identity"]));
    request.added_capabilities = TRY(json.get_or<std::uint64_t>("added_capabilities", 0));
    request.keyring = TRY(json.get_or<std::string>("keyring", ""));
    request.init = TRY(json.get_or<bool>("init", false));
    if (const Json* image = json.find("image")) request.image = TRY(image_from(*image));
    request.user_namespace = TRY(user_namespace_from(json));
    request.cgroup = TRY(cgroup_from(json["cgroup"]));
    request.seccomp = TRY(seccomp_from(json, request.spec));
    return request;
}

Result<Blueprint> blueprint_from(store::ContainerRecord record, const Json& json) {
    Blueprint blueprint{.record = std::move(record)};
    blueprint.request = TRY(request_from(json));
    const std::size_t words = blueprint.request.spec.process.args.size();
    blueprint.entrypoint_words = static_cast<std::size_t>(
        TRY(number_at(json, "entrypoint_words", static_cast<std::int64_t>(words))));
    blueprint.seccomp_text = TRY(json.get_or<std::string>("seccomp_profile", ""));
    blueprint.files = TRY(files_from(json["files"]));
    blueprint.ports = TRY(network::port_mappings_from(json["ports"]), "'ports'");
    const Json::Strings exposed = TRY(json.get_or<Json::Strings>("exposed", {}));
    blueprint.exposed = TRY(parse_exposed(exposed), "'exposed'");
    if (const auto slirp = TRY(json.get_optional<std::string>("slirp")))
        blueprint.slirp = TRY(network::Settings::parse(*slirp), "'slirp'");
    if (const auto pasta = TRY(json.get_optional<std::string>("pasta")))
        blueprint.pasta = TRY(network::PastaOptions::parse(*pasta), "'pasta'");
    if (const Json* egress = json.find("egress"))
        blueprint.egress = TRY(egress_from(*egress), "'egress'");
    blueprint.attachments = TRY(attachments_from(json["attachments"]), "'attachments'");
    blueprint.shares = TRY(json.get_or<bool>("shares", false));
    blueprint.interactive = TRY(json.get_or<bool>("interactive", false));
    blueprint.detach_keys = TRY(json.get_or<std::string>("detach_keys", ""));
    blueprint.log = TRY(log_choice_from(json["log"]));
    const std::string restart = TRY(json.get_or<std::string>("restart", ""));
    blueprint.restart = TRY(RestartPolicy::parse(restart));
    if (const Json* health = json.find("health"))
        blueprint.health = TRY(health_check_from(*health), "'health'");
    blueprint.create_command = TRY(json.get_or<Json::Strings>("create_command", {}));
    blueprint.create_directory = TRY(json.get_or<std::string>("create_directory", ""));
    blueprint.env_secrets = TRY(json.get_or<Json::Map>("env_secrets", {}));
    if (json.find("stop_signal"))
        blueprint.stop_signal = static_cast<int>(TRY(number_at(json, "stop_signal", SIGRTMAX)));
    if (const auto seconds = TRY(json.get_optional<std::int64_t>("stop_timeout")))
        blueprint.stop_timeout = static_cast<int>(std::clamp<std::int64_t>(*seconds, -1, INT_MAX));
    if (const auto timeout = TRY(json.get_optional<std::int64_t>("timeout")))
        blueprint.timeout = std::chrono::nanoseconds(*timeout);
    return blueprint;
}

// The runtime folder may be another since the machine was started again.
static void follow_runtime(const std::string& path, Blueprint& blueprint) {
    const std::string own = fmt::format("/containers/{}/", blueprint.record.id);
    for (oci::Mount& mount : blueprint.request.spec.mounts) {
        const std::size_t at = mount.source.rfind(own);
        if (mount.type != "bind" || at == mount.source.npos) continue;
        mount.source = fmt::format("{}/{}", path, mount.source.substr(at + own.size()));
    }
}

Result<Blueprint> read_blueprint(const store::Containers& containers, const std::string& id) {
    store::ContainerRecord record = TRY(containers.read(id));
    const Json json = TRY(containers.read_spec(id));
    Blueprint blueprint = TRY(blueprint_from(std::move(record), json));
    follow_runtime(containers.runtime_path(id), blueprint);
    return blueprint;
}

}  // namespace sbx::container
