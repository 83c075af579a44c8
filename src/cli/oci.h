// sbx as an OCI runtime: `sbx-oci ...`, or `sbx oci ...`, in the place of runc or crun.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cli/app.h"
#include "runtime/states.h"
#include "sandbox/cgroup_plan.h"

namespace sbx::cli {

// Runs the command line behind "sbx oci", prints what failed, and returns the exit status. Reads
// no configuration and opens no store: what such a runtime does is in its arguments and the bundle.
// `program` is what help and hints have in the place of "sbx oci".
int dispatch_oci(const std::vector<std::string>& words, std::string_view program);

// The containers of --root or, without it, of the runtime folder.
Result<runtime::States> oci_states(const App& app);

// Who makes cgroups: --cgroup-manager or, without it, systemd where --systemd-cgroup is given, and
// else cgroupfs, as with runc and crun.
Result<sandbox::CgroupManager> oci_cgroup_manager(const App& app);

}  // namespace sbx::cli
