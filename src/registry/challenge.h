// What a server asks for when it refuses: WWW-Authenticate, RFC 9110, section 11.6.1.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace sbx::registry {

struct Challenge {
    std::string scheme;   // lower case: "bearer", "basic"
    std::string token68;  // of schemes that take one value instead of parameters
    std::vector<std::pair<std::string, std::string>> parameters = {};  // names in lower case

    std::string_view find(std::string_view name) const;  // empty where it is absent
};

// All the challenges of one field, in their order. A parameter that stands twice is refused, as is
// whatever the grammar does not produce: the field decides where a password goes.
Result<std::vector<Challenge>> parse_challenges(std::string_view field);

}  // namespace sbx::registry
