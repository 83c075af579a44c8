#include "oci/image_config.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::oci {

static constexpr std::size_t kMostHistory = 10'000;

// An entry without '=' would take its value from somewhere else, and a NUL ends it early
// (CVE-2026-57231): such entries mean nothing here.
static void keep_assignments(std::vector<std::string>& env, std::vector<std::string>& ignored) {
    std::erase_if(env, [&](const std::string& entry) {
        const std::size_t equals = entry.find('=');
        const bool fits = equals != entry.npos && equals > 0 && !entry.contains('\0');
        if (!fits)
            ignored.push_back(
                fmt::format("the image's Env entry '{}' is not NAME=VALUE", excerpt(entry)));
        return !fits;
    });
}

// {"/data": {}}: a set, as JSON of Go has it.
static std::vector<std::string> names_of(const Json& object) {
    std::vector<std::string> names;
    for (const auto& [name, nothing] : object.members())
        names.push_back(name);
    return names;
}

static Json set_of(const std::vector<std::string>& names) {
    Json object = Json::object();
    for (const std::string& name : names)
        object.set(name, Json::object());
    return object;
}

// It is no reason to refuse an image: the specification has no such member.
static std::optional<Healthcheck> healthcheck_at(const Json& json,
                                                 std::vector<std::string>& ignored) {
    const Json* check = json.find("Healthcheck");
    if (!check) return std::nullopt;
    Result<Healthcheck> read = Healthcheck::from_json(*check);
    if (read) return *std::move(read);
    ignored.push_back(
        fmt::format("the image's Healthcheck means nothing: {}", read.error().text()));
    return std::nullopt;
}

Result<ImageDefaults> ImageDefaults::from_json(const Json& json) {
    using Strings = Json::Strings;
    ImageDefaults defaults{.user = TRY(json.get_or<std::string>("User", ""))};
    defaults.env = TRY(json.get_or<Strings>("Env", {}));
    defaults.entrypoint = TRY(json.get_or<Strings>("Entrypoint", {}));
    defaults.cmd = TRY(json.get_or<Strings>("Cmd", {}));
    defaults.working_dir = TRY(json.get_or<std::string>("WorkingDir", ""));
    defaults.volumes = names_of(*TRY(json.object_at("Volumes")));
    defaults.exposed_ports = names_of(*TRY(json.object_at("ExposedPorts")));
    defaults.labels = TRY(json.get_or<Json::Map>("Labels", {}));
    defaults.stop_signal = TRY(json.get_or<std::string>("StopSignal", ""));
    defaults.on_build = TRY(json.get_or<Strings>("OnBuild", {}));
    keep_assignments(defaults.env, defaults.ignored);
    defaults.healthcheck = healthcheck_at(json, defaults.ignored);
    return defaults;
}

Json ImageDefaults::to_json() const {
    Json json = Json::object();
    if (!user.empty()) json.set("User", user);
    if (!exposed_ports.empty()) json.set("ExposedPorts", set_of(exposed_ports));
    if (!env.empty()) json.set("Env", env);
    if (!entrypoint.empty()) json.set("Entrypoint", entrypoint);
    if (!cmd.empty()) json.set("Cmd", cmd);
    if (!volumes.empty()) json.set("Volumes", set_of(volumes));
    if (!working_dir.empty()) json.set("WorkingDir", working_dir);
    if (!labels.empty()) json.set("Labels", labels);
    if (!stop_signal.empty()) json.set("StopSignal", stop_signal);
    if (!on_build.empty()) json.set("OnBuild", on_build);
    if (healthcheck) json.set("Healthcheck", healthcheck->to_json());
    return json;
}

// A time that cannot be read is no reason to refuse an image: it is shown, and used for nothing.
static std::optional<Instant> time_at(const Json& json, std::string_view key) {
    const std::string* text = json[key].as_string();
    if (!text) return std::nullopt;
    const Result<Instant> time = parse_rfc3339(*text);
    return time ? std::optional(*time) : std::nullopt;
}

static Result<HistoryEntry> history_entry(const Json& json) {
    if (!json.as_object()) return Error(Error::Kind::usage, "an entry is not an object");
    HistoryEntry entry{.created = time_at(json, "created")};
    entry.created_by = TRY(json.get_or<std::string>("created_by", ""));
    entry.author = TRY(json.get_or<std::string>("author", ""));
    entry.comment = TRY(json.get_or<std::string>("comment", ""));
    entry.empty_layer = TRY(json.get_or<bool>("empty_layer", false));
    return entry;
}

static Result<std::vector<Digest>> diff_ids_in(const Json& rootfs) {
    std::vector<Digest> diff_ids;
    for (const std::string& text : TRY(rootfs.get_or<Json::Strings>("diff_ids", {})))
        diff_ids.push_back(TRY(Digest::parse(text), "/rootfs/diff_ids"));
    return diff_ids;
}

Result<ImageConfig> ImageConfig::parse(std::string_view bytes) {
    const Json json = TRY(Json::parse(bytes));
    if (!json.as_object()) return Error(Error::Kind::usage, "it is not an object");
    const Json& defaults = *TRY(json.object_at("config"));
    const Json& rootfs = *TRY(json.object_at("rootfs"));
    ImageConfig config{.platform = TRY(Platform::from_json(json))};
    config.created = time_at(json, "created");
    config.author = TRY(json.get_or<std::string>("author", ""));
    config.defaults = TRY(ImageDefaults::from_json(defaults), "/config");
    config.diff_ids = TRY(diff_ids_in(rootfs));
    const Json::Array& history = *TRY(json.array_at("history"));
    if (history.size() > kMostHistory)
        return Error(Error::Kind::unsupported, "'history' has {} entries, more than {}",
                     history.size(), kMostHistory);
    for (const Json& entry : history)
        config.history.push_back(TRY(history_entry(entry), "/history"));
    return config;
}

static Json to_json(const HistoryEntry& entry) {
    Json json = Json::object();
    if (entry.created) json.set("created", rfc3339(*entry.created));
    if (!entry.created_by.empty()) json.set("created_by", entry.created_by);
    if (!entry.author.empty()) json.set("author", entry.author);
    if (!entry.comment.empty()) json.set("comment", entry.comment);
    if (entry.empty_layer) json.set("empty_layer", true);
    return json;
}

Json ImageConfig::to_json() const {
    Json json = platform.to_json();
    if (created) json.set("created", rfc3339(*created));
    if (!author.empty()) json.set("author", author);
    json.set("config", defaults.to_json());
    Json ids = Json::array();
    for (const Digest& diff_id : diff_ids)
        ids.push(diff_id.text());
    json.set("rootfs", Json::object().set("type", "layers").set("diff_ids", std::move(ids)));
    Json entries = Json::array();
    for (const HistoryEntry& entry : history)
        entries.push(oci::to_json(entry));
    json.set("history", std::move(entries));
    return json;
}

}  // namespace sbx::oci
