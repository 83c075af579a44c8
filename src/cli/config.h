// sbx.toml: what a person or an administrator sets once. sbx.toml(5).
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx::cli {

struct RegistryConfig {
    bool insecure = false;         // plain HTTP, or HTTPS whose certificate nobody vouches for
    std::string token_realm = {};  // where credentials may go besides the registry itself
};

struct Config {
    std::string log_level = "warning";
    std::string root = {};
    std::string storage_driver = {};
    std::string detach_keys = "ctrl-p,ctrl-q";
    std::string pull = "missing";
    std::string progress = "auto";
    std::string publish_address = "127.0.0.1";
    std::map<std::string, std::vector<std::string>> net_presets = {};
    std::map<std::string, RegistryConfig> registries = {};
};

// Of every key, for the manual page: sbx.toml(5) is made from this.
struct ConfigKey {
    std::string_view key;
    std::string_view type;
    std::string_view help;
    std::string_view fallback = {};  // what holds without it
};
std::span<const ConfigKey> config_keys();

// /etc/sbx/sbx.toml, then $XDG_CONFIG_HOME/sbx/sbx.toml or ~/.config/sbx/sbx.toml, whose keys win.
// A file that is missing sets nothing; one that is wrong, or that others may write to, is an error
// with line and column.
Result<Config> read_config();
Result<> apply_config(std::string_view text, const std::string& file, Config& config);

}  // namespace sbx::cli
