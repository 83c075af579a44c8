// Programs of others that run at certain moments of a container's life: runtime-spec, config.md,
// "POSIX-platform Hooks".
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "oci/hooks.h"

namespace sbx::sandbox {

struct HookMoment {
    std::string_view name;                      // "prestart": for errors
    std::string state;                          // the document on their standard input
    std::vector<std::string> environment = {};  // of a hook that names none
    std::function<Result<>()> confine = {};     // in the process that becomes the hook
};

// Runs them one after the other, with this process's rights and in its namespaces; what they write
// goes to its standard error. Fails with the first that cannot be run, that ends with another
// status than 0, or that does not end in its time: that one is killed.
Result<> run_hooks(const std::vector<oci::Hook>& hooks, const HookMoment& moment);

}  // namespace sbx::sandbox
