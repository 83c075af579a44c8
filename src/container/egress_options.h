// What a container may reach by name, as it is asked for and kept: --net-allow, --net-deny,
// --net-log.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "network/egress_rules.h"

namespace sbx::container {

// "@name" stands for what it leads to here.
using EgressPresets = std::map<std::string, std::vector<std::string>>;

struct EgressOptions {
    std::vector<std::string> allow = {};  // each may be several, with commas between
    std::vector<std::string> deny = {};
    std::string log = {};        // a path; "-": standard error
    EgressPresets presets = {};  // the person's own, which go before those of sbx

    bool empty() const { return allow.empty() && deny.empty() && log.empty(); }
};

struct EgressChoice {
    network::EgressRules rules = {};
    std::string log = {};  // an absolute path, "-", or empty
};

// Nothing where nothing is asked for. `here` is the folder that a log's path begins in. A log
// without rules is of what nothing refuses: Kind::usage, as are unknown presets and what is no
// rule.
Result<std::optional<EgressChoice>> compose_egress(const EgressOptions& options,
                                                   const std::string& here);

Json to_json(const EgressChoice& choice);
Result<EgressChoice> egress_from(const Json& json);

// Of sbx itself, by name: what common package registries and forges are reached by.
const EgressPresets& known_presets();

}  // namespace sbx::container
