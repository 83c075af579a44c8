// The folders that unit files of sbx are in, and the one that services go to.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "quadlet/convert.h"

namespace sbx::cli {

// Where a person's unit files are, the first of a name counts: $QUADLET_UNIT_DIRS, else those of
// podman-systemd.unit(5) for a user.
std::vector<std::string> unit_folders();

struct FoundUnits {
    std::vector<quadlet::Unit> units = {};
    std::vector<Error> failures = {};  // of files that cannot be read, or are no unit files
};

// With what their drop-ins say. A file that is empty hides others of its name.
FoundUnits find_units(const std::vector<std::string>& folders);

// Writes services, and links to them, in the place of all that an earlier call has written there.
Result<> write_services(const std::string& folder, const std::vector<quadlet::Converted>& services);

}  // namespace sbx::cli
