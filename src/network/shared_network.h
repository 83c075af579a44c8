// A network that several containers share, as its process has to know it.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "network/layout.h"

namespace sbx::network {

struct SharedNetwork {
    std::string id;    // 64 hex digits
    std::string name;  // for errors
    Layout layout = {};
    Subnet range = {};                      // of IPv4, out of which members are given addresses
    bool internal = false;                  // nothing of it reaches the world
    bool names = true;                      // members find each other by name
    std::vector<std::string> servers = {};  // asked for other names; none: the host's own

    Json to_json() const;
    static Result<SharedNetwork> from_json(const Json& json);

    friend bool operator==(const SharedNetwork&, const SharedNetwork&) = default;
};

}  // namespace sbx::network
