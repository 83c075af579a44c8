// The configuration of an image: image-spec, config.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/time.h"
#include "oci/digest.h"
#include "oci/healthcheck.h"
#include "oci/platform.h"

namespace sbx::oci {

// How the image would like to be run. All of it comes from strangers, and stays hostile wherever it
// is copied to.
struct ImageDefaults {
    std::string user = {};
    std::vector<std::string> env = {};  // NAME=VALUE each; what is not was left out (see ignored)
    std::vector<std::string> entrypoint = {};
    std::vector<std::string> cmd = {};
    std::string working_dir = {};
    std::vector<std::string> volumes = {};
    std::vector<std::string> exposed_ports = {};
    std::map<std::string, std::string> labels = {};
    std::string stop_signal = {};
    std::vector<std::string> on_build = {};  // for whoever builds on it
    std::optional<Healthcheck> healthcheck = {};

    std::vector<std::string> ignored = {};  // sentences about entries that cannot mean anything

    static Result<ImageDefaults> from_json(const Json& json);
    Json to_json() const;
};

struct HistoryEntry {
    std::optional<Instant> created = {};
    std::string created_by = {};
    std::string author = {};
    std::string comment = {};
    bool empty_layer = false;
};

struct ImageConfig {
    Platform platform;
    std::optional<Instant> created = {};
    std::string author = {};
    ImageDefaults defaults = {};
    std::vector<Digest> diff_ids = {};  // of the uncompressed layers, lowest first
    std::vector<HistoryEntry> history = {};

    static Result<ImageConfig> parse(std::string_view bytes);
    Json to_json() const;
};

}  // namespace sbx::oci
