// Who a program runs as: the words of --user against the image's /etc/passwd and /etc/group.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "os/root.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

struct ResolvedIdentity {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> groups = {};  // supplementary
    std::string home = "/";
};

// A number is an id and never a name, whatever the image's files say (CVE-2024-40635); an id
// without an entry is as good as one with. A group that is given takes the place of the user's own
// and of its supplementary ones. credentials(7).
Result<ResolvedIdentity> resolve_identity(const Identity& identity, std::string_view passwd,
                                          std::string_view group);

// The same with the files under `root`; those that are missing are empty.
Result<ResolvedIdentity> resolve_identity(const Identity& identity, const os::Root& root);

}  // namespace sbx::sandbox
