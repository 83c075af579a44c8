#include "cli/config.h"

#include <algorithm>
#include <array>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/toml.h"
#include "cli/app.h"
#include "container/keyboard.h"
#include "network/egress_rules.h"
#include "network/endpoint.h"
#include "os/file.h"

namespace sbx::cli {

static constexpr std::size_t kLargestFile = std::size_t{1} << 20;

std::span<const ConfigKey> config_keys() {
    static const Config kDefaults;
    static const std::array kKeys = {
        ConfigKey{"detach_keys", "string",
                  "Keys that leave a container's terminal, as --detach-keys of sbx-run(1)",
                  kDefaults.detach_keys},
        ConfigKey{"log_level", "string",
                  "What to tell on standard error: error, warning, info or debug",
                  kDefaults.log_level},
        ConfigKey{"net_preset.\"NAME\"", "list of strings",
                  "What @NAME stands for in --net-allow and --net-deny of sbx-run(1)"},
        ConfigKey{"progress", "string", "How to show the progress of pulls: auto, plain or none",
                  kDefaults.progress},
        ConfigKey{"publish_address", "string",
                  "Address of the host at which ports are published, where --publish of sbx-run(1) "
                  "names none",
                  kDefaults.publish_address},
        ConfigKey{"pull", "string",
                  "When run and create ask the registry: missing, always, never or newer",
                  kDefaults.pull},
        ConfigKey{"registry.\"HOST\".insecure", "boolean",
                  "Reach this registry over plain HTTP, or over HTTPS with any certificate",
                  "false"},
        ConfigKey{"registry.\"HOST\".token_realm", "string",
                  "Where this registry's credentials may be sent for a token, besides itself"},
        ConfigKey{"root", "string", "Absolute path of the store of images and containers"},
        ConfigKey{"storage_driver", "string",
                  "How layers become a root: overlay, fuse-overlayfs or copy; the best that can be "
                  "had if not set"},
    };
    return kKeys;
}

namespace {

class Reader {
public:
    Reader(const TomlDocument& document, Config& config) : document_(document), config_(config) {}

    Result<> run() {
        for (const auto& [key, value] : document_.root.members())
            TRY(top_level(key));
        return {};
    }

private:
    // A value of the document, and how errors name it.
    struct Value {
        const Json& json;
        std::string key;  // "pull", "registry.HOST.insecure"
    };

    Result<> top_level(const std::string& key) {
        const Value value{.json = document_.root[key], .key = key};
        if (key == "log_level")
            return word(value, {"error", "warning", "info", "debug"}, config_.log_level);
        if (key == "progress") return word(value, {"auto", "plain", "none"}, config_.progress);
        if (key == "pull")
            return word(value, {"missing", "always", "never", "newer"}, config_.pull);
        if (key == "storage_driver")
            return word(value, {"overlay", "fuse-overlayfs", "copy"}, config_.storage_driver);
        if (key == "detach_keys") return keys(value, config_.detach_keys);
        if (key == "publish_address") return ip_address(value, config_.publish_address);
        if (key == "root") return absolute_path(value, config_.root);
        if (key == "registry") return registries(value);
        if (key == "net_preset") return presets(value);
        return unknown("", key,
                       {"log_level", "net_preset", "progress", "publish_address", "pull",
                        "storage_driver", "detach_keys", "root", "registry"});
    }

    Result<> presets(const Value& table) {
        if (!table.json.as_object()) return bad(table.key, "a table belongs there");
        for (const auto& [name, json] : table.json.members())
            TRY(rules({.json = json, .key = "net_preset." + name}, config_.net_presets[name]));
        return {};
    }

    Result<> rules(const Value& value, std::vector<std::string>& into) const {
        into.clear();
        if (!value.json.as_array()) return bad(value.key, "a list of strings belongs there");
        for (const Json& json : value.json.items()) {
            const std::string* rule = json.as_string();
            if (!rule) return bad(value.key, "a list of strings belongs there");
            const auto parsed = network::parse_egress_rule(*rule, network::EgressUse::allow);
            if (!parsed) return bad(value.key, parsed.error().text());
            into.push_back(*rule);
        }
        return {};
    }

    Result<> registries(const Value& table) {
        if (!table.json.as_object())
            return bad(table.key, "tables such as [registry.\"HOST\"] belong there");
        for (const auto& [host, json] : table.json.members())
            TRY(registry({.json = json, .key = "registry." + host}, config_.registries[host]));
        return {};
    }

    Result<> registry(const Value& table, RegistryConfig& into) const {
        if (!table.json.as_object()) return bad(table.key, "a table belongs there");
        const std::string prefix = table.key + ".";
        for (const auto& [key, json] : table.json.members()) {
            const Value value{.json = json, .key = prefix + key};
            if (key == "insecure")
                TRY(flag(value, into.insecure));
            else if (key == "token_realm")
                TRY(text(value, into.token_realm));
            else
                return unknown(prefix, key, {"insecure", "token_realm"});
        }
        return {};
    }

    Error bad(const std::string& key, std::string_view why) const {
        return Error(Error::Kind::usage, "{}key '{}': {}", document_.place_of(key), printable(key),
                     why);
    }

    Error unknown(const std::string& prefix, const std::string& key,
                  std::vector<std::string_view> known) const {
        Error error = bad(prefix + key, "there is no such key");
        const auto near = nearest(key, known);
        return near ? std::move(error).hint(fmt::format("did you mean '{}'?", *near))
                    : std::move(error);
    }

    Result<> text(const Value& value, std::string& into) const {
        const std::string* text = value.json.as_string();
        if (!text) return bad(value.key, "a string belongs there");
        into = *text;
        return {};
    }

    Result<> flag(const Value& value, bool& into) const {
        const bool* flag = value.json.as_bool();
        if (!flag) return bad(value.key, "true or false belongs there");
        into = *flag;
        return {};
    }

    Result<> word(const Value& value, const std::vector<std::string>& words,
                  std::string& into) const {
        TRY(text(value, into));
        if (std::ranges::find(words, into) != words.end()) return {};
        return bad(value.key, fmt::format("'{}' is none of {}", excerpt(into), join(words, ", ")));
    }

    Result<> keys(const Value& value, std::string& into) const {
        TRY(text(value, into));
        const Result<std::string> parsed = container::parse_detach_keys(into);
        if (parsed) return {};
        return bad(value.key, fmt::format("'{}' is not a list of keys", excerpt(into)))
            .hint(parsed.error().hint());
    }

    Result<> absolute_path(const Value& value, std::string& into) const {
        TRY(text(value, into));
        if (into.starts_with('/')) return {};
        return bad(value.key, "an absolute path belongs there");
    }

    Result<> ip_address(const Value& value, std::string& into) const {
        TRY(text(value, into));
        if (network::Endpoint::parse(into, 0)) return {};
        return bad(value.key, fmt::format("'{}' is not an IP address", excerpt(into)));
    }

    const TomlDocument& document_;
    Config& config_;
};

}  // namespace

Result<> apply_config(std::string_view text, const std::string& file, Config& config) {
    const TomlDocument document = TRY(parse_toml(text, file), "configuration");
    TRY(Reader(document, config).run(), "configuration");
    return {};
}

// What it says decides where credentials go: nobody else may have a say in it. A group of one's own
// is what many systems give a user, and lets it write to new files.
static Result<> check_owner(const os::Fd& file, const std::string& path) {
    const struct stat status = TRY(os::status_of(file), "'{}'", path);
    const bool known_owner = status.st_uid == 0 || status.st_uid == ::geteuid();
    const bool known_group = status.st_gid == 0 || status.st_gid == ::getegid();
    if (!known_owner || (status.st_mode & 0002) != 0 ||
        (!known_group && (status.st_mode & 0020) != 0))
        return Error(Error::Kind::denied, "configuration '{}' can be written to by others", path)
            .hint(fmt::format("chmod go-w '{}'", path));
    return {};
}

static Result<> read_file(const std::string& path, Config& config) {
    const os::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file && (errno == ENOENT || errno == ENOTDIR)) return {};
    if (!file) return Error::from_errno(errno, "open configuration '{}'", path);
    TRY(check_owner(file, path));
    const std::string text = TRY(os::read_regular(file, path, kLargestFile), "configuration");
    return apply_config(text, path, config);
}

static std::string personal_file() {
    if (const auto home = environment_variable("XDG_CONFIG_HOME"); home && home->starts_with('/'))
        return *home + "/sbx/sbx.toml";
    const auto home = environment_variable("HOME");
    return home ? *home + "/.config/sbx/sbx.toml" : "";
}

Result<Config> read_config() {
    Config config;
    TRY(read_file("/etc/sbx/sbx.toml", config));
    if (const std::string path = personal_file(); !path.empty()) TRY(read_file(path, config));
    return config;
}

}  // namespace sbx::cli
