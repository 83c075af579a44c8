// What the words of seccomp profiles mean: SCMP_ACT_*, SCMP_CMP_*, SECCOMP_FILTER_FLAG_* as docker,
// podman and the OCI runtime specification write them (config-linux.md, "Seccomp").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "oci/seccomp.h"
#include "os/seccomp.h"

namespace sbx::sandbox {

// All that the next functions, and seccomp_profile(), take; in the order of bytes.
std::vector<std::string> seccomp_action_words();
std::vector<std::string> seccomp_comparison_words();
std::vector<std::string> seccomp_flag_words();

Result<os::SeccompProfile::Action> parse_seccomp_action(std::string_view word);
Result<os::SeccompProfile::Compare> parse_seccomp_comparison(std::string_view word);

// `seccomp` as a profile that os::compile_profile() takes. Errors give the path of the bad word.
Result<os::SeccompProfile> seccomp_profile(const oci::Seccomp& seccomp);

// Refuses a profile that asks an observer about calls which the container's own set-up has to make
// before the observer can be there, and one that asks where nobody listens.
Result<> check_notifications(const os::SeccompProfile& profile, std::string_view listener_path);

}  // namespace sbx::sandbox
