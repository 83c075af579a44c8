// Rules on their way to the process that judges by them, and as they are kept.
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "network/egress_rules.h"

namespace sbx::network {

// {"allow": [...], "deny": [...]}, each rule as it was given.
Json to_json(const EgressRules& rules);
Result<EgressRules> egress_rules_from(const Json& json);

}  // namespace sbx::network
