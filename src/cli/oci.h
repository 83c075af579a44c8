// sbx as an OCI runtime: `sbx-oci ...`, or `sbx oci ...`, in the place of runc or crun.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "cli/app.h"
#include "runtime/states.h"

namespace sbx::cli {

// Runs the command line behind "sbx oci", prints what failed, and returns the exit status. Reads
// no configuration and opens no store: what such a runtime does is in its arguments and the bundle.
int dispatch_oci(const std::vector<std::string>& words);

// The containers of --root or, without it, of the runtime folder.
Result<runtime::States> oci_states(const App& app);

}  // namespace sbx::cli
