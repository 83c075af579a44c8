#include "oci/spec.h"

#include "base/sha256.h"
#include "base/text.h"
#include "base/utf8.h"

namespace sbx::oci {

static constexpr const char* kVersion = "1.2.0";

const Namespace* Spec::find_namespace(std::string_view type) const {
    for (const Namespace& ns : namespaces)
        if (ns.type == type) return &ns;
    return nullptr;
}

static Json array_of(const auto& items, auto one) {
    Json array = Json::array();
    for (const auto& item : items)
        array.push(one(item));
    return array;
}

// Arguments, environments and paths are bytes, which JSON strings are not: in sbx's own records,
// what is no UTF-8 stands as {"base64": ...}.
static Json json_of(const std::string& bytes) {
    if (utf8::valid(bytes)) return bytes;
    return Json::object().set("base64", base64(bytes));
}

static Result<std::string> bytes_from(const Json& json) {
    if (const std::string* text = json.as_string()) return *text;
    if (!json.as_object())
        return Error(Error::Kind::usage, "{} is not a string", excerpt(json.dump()));
    return unbase64(TRY(json.get<std::string>("base64")));
}

static Result<std::string> bytes_at(const Json& json, std::string_view key) {
    if (!json.find(key)) return Error(Error::Kind::usage, "'{}' is missing", key);
    return TRY(bytes_from(json[key]), "{}", key);
}

static Result<std::string> bytes_at_or_empty(const Json& json, std::string_view key) {
    if (!json.find(key)) return std::string();
    return bytes_at(json, key);
}

static Json json_of(const User& user) {
    Json json = Json::object();
    json.set("uid", user.uid).set("gid", user.gid);
    if (user.umask) json.set("umask", *user.umask);
    if (!user.additional_gids.empty())
        json.set("additionalGids",
                 array_of(user.additional_gids, [](std::uint32_t gid) { return Json(gid); }));
    return json;
}

static Json json_of(const Rlimit& limit) {
    return Json::object().set("type", limit.type).set("hard", limit.hard).set("soft", limit.soft);
}

static Json json_of(const Process& process) {
    Json sets = Json::object();
    for (const char* set : {"bounding", "effective", "permitted"})
        sets.set(set, process.capabilities);
    Json json = Json::object();
    json.set("terminal", process.terminal)
        .set("user", json_of(process.user))
        .set("args", array_of(process.args, [](const std::string& a) { return json_of(a); }))
        .set("env", array_of(process.env, [](const std::string& e) { return json_of(e); }))
        .set("cwd", json_of(process.cwd))
        .set("capabilities", std::move(sets))
        .set("rlimits", array_of(process.rlimits, [](const Rlimit& r) { return json_of(r); }))
        .set("noNewPrivileges", process.no_new_privileges);
    if (process.oom_score_adj) json.set("oomScoreAdj", *process.oom_score_adj);
    return json;
}

static Json json_of(const Mount& mount) {
    Json json = Json::object();
    json.set("destination", json_of(mount.destination))
        .set("type", mount.type)
        .set("source", json_of(mount.source))
        .set("options", mount.options);
    return json;
}

static Json json_of(const Namespace& ns) {
    Json json = Json::object().set("type", ns.type);
    if (!ns.path.empty()) json.set("path", json_of(ns.path));
    return json;
}

static Json json_of(const IdMapping& mapping) {
    return Json::object()
        .set("containerID", mapping.container_id)
        .set("hostID", mapping.host_id)
        .set("size", mapping.size);
}

static Json json_of(const Device& device) {
    return Json::object().set("path", json_of(device.path)).set("source", json_of(device.source));
}

Json Spec::to_json() const {
    const auto one = [](const auto& item) { return json_of(item); };
    Json linux_part = Json::object();
    linux_part.set("namespaces", array_of(namespaces, one))
        .set("uidMappings", array_of(uid_mappings, one))
        .set("gidMappings", array_of(gid_mappings, one))
        .set("devices", array_of(devices, one))
        .set("sysctl", sysctl)
        .set("maskedPaths", masked_paths)
        .set("readonlyPaths", read_only_paths);
    Json json = Json::object();
    json.set("ociVersion", kVersion)
        .set("process", json_of(process))
        .set("root", Json::object().set("path", json_of(root_path)).set("readonly", root_read_only))
        .set("hostname", hostname)
        .set("domainname", domainname)
        .set("mounts", array_of(mounts, one))
        .set("annotations", annotations)
        .set("linux", std::move(linux_part));
    return json;
}

template <class T, class One>
static Result<std::vector<T>> read_array(const Json& json, std::string_view key, One one) {
    std::vector<T> all;
    for (const Json& item : *TRY(json.array_at(key)))
        all.push_back(TRY(one(item), "{}", key));
    return all;
}

// (uid_t)-1 means "no change" to setresuid(2) and chown(2), so it is nobody's.
constexpr std::uint32_t kMostId = UINT32_MAX - 1;

static Result<std::uint32_t> number_from(const Json& json, std::uint32_t most) {
    const std::optional<std::uint64_t> value = json.as_unsigned();
    if (!value || *value > most)
        return Error(Error::Kind::usage, "{} is not a number from 0 to {}", excerpt(json.dump()),
                     most);
    return static_cast<std::uint32_t>(*value);
}

static Result<std::uint32_t> number(const Json& json, std::string_view key, std::uint32_t most) {
    if (!json.find(key)) return Error(Error::Kind::usage, "'{}' is missing", key);
    return TRY(number_from(json[key], most), "{}", key);
}

static Result<User> user_from(const Json& json) {
    const auto gid = [](const Json& item) { return number_from(item, kMostId); };
    User user{.uid = TRY(number(json, "uid", kMostId))};
    user.gid = TRY(number(json, "gid", kMostId));
    user.additional_gids = TRY(read_array<std::uint32_t>(json, "additionalGids", gid));
    if (json.find("umask")) user.umask = TRY(number(json, "umask", 0777));
    return user;
}

static Result<Rlimit> rlimit_from(const Json& json) {
    Rlimit limit{.type = TRY(json.get<std::string>("type"))};
    limit.soft = TRY(json.get<std::uint64_t>("soft"));
    limit.hard = TRY(json.get<std::uint64_t>("hard"));
    return limit;
}

static Result<Process> process_from(const Json& json) {
    using Strings = Json::Strings;
    const Json& user = *TRY(json.object_at("user"));
    const Json& capabilities = *TRY(json.object_at("capabilities"));
    Process process{.terminal = TRY(json.get_or<bool>("terminal", false))};
    process.user = TRY(user_from(user), "user");
    process.args = TRY(read_array<std::string>(json, "args", bytes_from));
    process.env = TRY(read_array<std::string>(json, "env", bytes_from));
    process.cwd = TRY(bytes_at(json, "cwd"));
    process.capabilities = TRY(capabilities.get_or<Strings>("bounding", {}));
    process.rlimits = TRY(read_array<Rlimit>(json, "rlimits", rlimit_from));
    process.no_new_privileges = TRY(json.get_or<bool>("noNewPrivileges", false));
    if (const auto score = TRY(json.get_optional<std::int64_t>("oomScoreAdj"))) {
        if (*score < -1000 || *score > 1000)
            return Error(Error::Kind::usage, "'oomScoreAdj' is {}, not from -1000 to 1000", *score);
        process.oom_score_adj = static_cast<int>(*score);
    }
    return process;
}

static Result<Mount> mount_from(const Json& json) {
    Mount mount{.destination = TRY(bytes_at(json, "destination"))};
    mount.type = TRY(json.get_or<std::string>("type", ""));
    mount.source = TRY(bytes_at_or_empty(json, "source"));
    mount.options = TRY(json.get_or<Json::Strings>("options", {}));
    return mount;
}

static Result<Namespace> namespace_from(const Json& json) {
    Namespace ns{.type = TRY(json.get<std::string>("type"))};
    ns.path = TRY(bytes_at_or_empty(json, "path"));
    return ns;
}

static Result<IdMapping> mapping_from(const Json& json) {
    IdMapping mapping{.container_id = TRY(number(json, "containerID", kMostId))};
    mapping.host_id = TRY(number(json, "hostID", kMostId));
    mapping.size = TRY(number(json, "size", UINT32_MAX));
    return mapping;
}

static Result<Device> device_from(const Json& json) {
    Device device{.path = TRY(bytes_at(json, "path")), .source = ""};
    device.source = TRY(bytes_at_or_empty(json, "source"));
    return device;
}

Result<Spec> Spec::from_json(const Json& json) {
    const Json& process = *TRY(json.object_at("process"));
    const Json& root = *TRY(json.object_at("root"));
    const Json& linux_part = *TRY(json.object_at("linux"));
    Spec spec{.process = TRY(process_from(process), "process")};
    spec.root_path = TRY(bytes_at_or_empty(root, "path"));
    spec.root_read_only = TRY(root.get_or<bool>("readonly", false));
    spec.hostname = TRY(json.get_or<std::string>("hostname", ""));
    spec.domainname = TRY(json.get_or<std::string>("domainname", ""));
    spec.mounts = TRY(read_array<Mount>(json, "mounts", mount_from));
    spec.annotations = TRY(json.get_or<Json::Map>("annotations", {}));
    spec.namespaces = TRY(read_array<Namespace>(linux_part, "namespaces", namespace_from));
    spec.uid_mappings = TRY(read_array<IdMapping>(linux_part, "uidMappings", mapping_from));
    spec.gid_mappings = TRY(read_array<IdMapping>(linux_part, "gidMappings", mapping_from));
    spec.devices = TRY(read_array<Device>(linux_part, "devices", device_from));
    spec.sysctl = TRY(linux_part.get_or<Json::Map>("sysctl", {}));
    spec.masked_paths = TRY(linux_part.get_or<Json::Strings>("maskedPaths", {}));
    spec.read_only_paths = TRY(linux_part.get_or<Json::Strings>("readonlyPaths", {}));
    return spec;
}

}  // namespace sbx::oci
