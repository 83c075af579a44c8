// What a container may do: capabilities, --security-opt, masked and read-only paths.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "container/options.h"
#include "os/caps.h"
#include "sandbox/request.h"

namespace sbx::container {

struct Security {
    os::CapabilitySet capabilities = 0;
    os::CapabilitySet added = 0;  // by name, with --cap-add
    bool no_new_privileges = false;
    sandbox::SeccompChoice seccomp = sandbox::DefaultFilter{};
    std::string seccomp_text = {};  // of a profile, as it was read
    std::vector<std::string> masked_paths = {};
    std::vector<std::string> read_only_paths = {};
};

os::CapabilitySet default_capabilities();  // of a container of which nothing else is said

// --cap-add, --cap-drop, --security-opt and --privileged. Reads the profile that seccomp=FILE
// names. `throttled_cpus`: of so many the heat is masked, which tells what they compute.
Result<Security> parse_security(const Options& options, int throttled_cpus = 0);

// A profile as docker and podman write it, with its conditions on capabilities resolved.
Result<os::SeccompProfile> parse_seccomp_profile(std::string_view text,
                                                 os::CapabilitySet capabilities);

}  // namespace sbx::container
