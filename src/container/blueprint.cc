#include "container/blueprint.h"

#include "base/text.h"
#include "container/security.h"

namespace sbx::container {

static Json json_of(const sandbox::ImageRoot& image) {
    return Json::object()
        .set("layers_directory", image.layers_directory)
        .set("layers", image.layers)
        .set("container", image.container)
        .set("lasting", image.lasting);
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
    return json;
}

static Json json_of(const sandbox::UserNamespace& ns) {
    const auto* keep = std::get_if<sandbox::KeepId>(&ns);
    if (!keep) return {};
    return Json::object().set("uid", keep->uid).set("gid", keep->gid);
}

static const char* name_of(const sandbox::SeccompChoice& choice) {
    if (std::holds_alternative<sandbox::Unconfined>(choice)) return "unconfined";
    return std::holds_alternative<sandbox::DefaultFilter>(choice) ? "default" : "profile";
}

Json to_json(const Blueprint& b) {
    Json json = Json::object();
    json.set("spec", b.request.spec.to_json())
        .set("identity", json_of(b.request.identity))
        .set("keep_id", json_of(b.request.user_namespace))
        .set("seccomp", name_of(b.request.seccomp))
        .set("seccomp_profile", b.seccomp_text)
        .set("added_capabilities", b.request.added_capabilities)
        .set("keyring", b.request.keyring)
        .set("init", b.request.init)
        .set("kept_descriptors", b.request.kept_descriptors)
        .set("files", json_of(b.files))
        .set("interactive", b.interactive)
        .set("stop_signal", b.stop_signal)
        .set("detach_keys", b.detach_keys);
    if (b.request.image) json.set("image", json_of(*b.request.image));
    if (b.timeout) json.set("timeout", static_cast<std::int64_t>(b.timeout->count()));
    return json;
}

static Result<sandbox::ImageRoot> image_from(const Json& json) {
    return sandbox::ImageRoot{.layers_directory = TRY(json.get<std::string>("layers_directory")),
                              .layers = TRY(json.get<Json::Strings>("layers")),
                              .container = TRY(json.get<std::string>("container")),
                              .lasting = TRY(json.get<bool>("lasting"))};
}

static Result<sandbox::Identity> identity_from(const Json& json) {
    return sandbox::Identity{.user = TRY(json.get_or<std::string>("user", "")),
                             .groups = TRY(json.get_or<Json::Strings>("groups", {})),
                             .keep_groups = TRY(json.get_or<bool>("keep_groups", false))};
}

static Result<NetworkFiles> files_from(const Json& json) {
    return NetworkFiles{.hostname = TRY(json.get_or<std::string>("hostname", "")),
                        .hosts = TRY(json.get_or<std::string>("hosts", "")),
                        .resolv = TRY(json.get_optional<std::string>("resolv"))};
}

static Result<sandbox::SeccompChoice> seccomp_from(const Json& json, const oci::Spec& spec) {
    const std::string choice = TRY(json.get_or<std::string>("seccomp", "default"));
    if (choice == "unconfined") return sandbox::SeccompChoice(sandbox::Unconfined{});
    if (choice == "default") return sandbox::SeccompChoice(sandbox::DefaultFilter{});
    const std::string text = TRY(json.get<std::string>("seccomp_profile"));
    os::CapabilitySet capabilities = 0;
    for (const std::string& name : spec.process.capabilities)
        capabilities |= TRY(os::parse_capability(name));
    return sandbox::SeccompChoice(TRY(parse_seccomp_profile(text, capabilities)));
}

static Result<sandbox::Request> request_from(const Json& json) {
    sandbox::Request request{
        .spec = TRY(oci::Spec::from_json(json["spec"])),
        .identity = TRY(identity_from(json["identity"])),
        .added_capabilities = TRY(json.get_or<std::uint64_t>("added_capabilities", 0)),
        .keyring = TRY(json.get_or<std::string>("keyring", "")),
        .init = TRY(json.get_or<bool>("init", false)),
        .kept_descriptors =
            static_cast<int>(TRY(json.get_or<std::int64_t>("kept_descriptors", 0)))};
    if (const Json* image = json.find("image")) request.image = TRY(image_from(*image));
    if (const Json* keep = json.find("keep_id"))
        request.user_namespace = sandbox::KeepId{
            .uid = static_cast<std::uint32_t>(TRY(keep->get<std::uint64_t>("uid"))),
            .gid = static_cast<std::uint32_t>(TRY(keep->get<std::uint64_t>("gid")))};
    request.seccomp = TRY(seccomp_from(json, request.spec));
    return request;
}

Result<Blueprint> blueprint_from(store::ContainerRecord record, const Json& json) {
    Blueprint blueprint{
        .record = std::move(record),
        .request = TRY(request_from(json)),
        .seccomp_text = TRY(json.get_or<std::string>("seccomp_profile", "")),
        .files = TRY(files_from(json["files"])),
        .interactive = TRY(json.get_or<bool>("interactive", false)),
        .stop_signal = static_cast<int>(TRY(json.get_or<std::int64_t>("stop_signal", 15))),
        .detach_keys = TRY(json.get_or<std::string>("detach_keys", ""))};
    if (const auto timeout = TRY(json.get_optional<std::int64_t>("timeout")))
        blueprint.timeout = std::chrono::nanoseconds(*timeout);
    return blueprint;
}

}  // namespace sbx::container
