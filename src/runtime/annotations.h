// What the annotations of a document ask of the runtime: those of crun(1), run.oci.*. Those that
// sandbox::compile() takes are keep_original_groups and systemd.subgroup.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"

namespace sbx::runtime {

using Annotations = std::map<std::string, std::string>;

// Refuses by name those without which the container would be less confined than was asked, or
// another thing altogether: Kind::unsupported.
Result<> check_annotations(const Annotations& annotations);

// A line for each other one of run.oci.* that nothing is done about.
std::vector<std::string> passed_over(const Annotations& annotations);

// run.oci.seccomp_fail_unknown_syscall: whether a system call that a filter names has to be known.
bool refuses_unknown_calls(const Annotations& annotations);

}  // namespace sbx::runtime
