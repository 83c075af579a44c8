// Capabilities: capabilities(7), over libcap.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx::os {

// A set of capabilities as bits; 1 << CAP_CHOWN is CHOWN.
using CapabilitySet = std::uint64_t;

// "NET_ADMIN", "CAP_NET_ADMIN" or in lower case; "ALL" is every one this kernel has.
Result<CapabilitySet> parse_capability(std::string_view text);
std::vector<std::string> capability_names(CapabilitySet set);  // "CAP_CHOWN", by number
CapabilitySet all_capabilities();                              // that this kernel has
CapabilitySet known_capabilities();  // that parse_capability() takes, on whatever kernel

// Of this process, for good: nothing outside `keep` can be gained again by any execve.
Result<> limit_bounding_set(CapabilitySet keep);

struct Capabilities {
    CapabilitySet permitted = 0;
    CapabilitySet effective = 0;
    CapabilitySet inheritable = 0;
    CapabilitySet ambient = 0;

    friend bool operator==(const Capabilities&, const Capabilities&) = default;
};
Result<> set_capabilities(const Capabilities& capabilities);

// From here to execve a change of user ids away from 0 leaves the permitted set as it is.
Result<> keep_capabilities();

Result<> forbid_new_privileges();  // prctl(2), PR_SET_NO_NEW_PRIVS

}  // namespace sbx::os
