// --ulimit, --sysctl, --umask and other numbers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "container/options.h"
#include "oci/spec.h"

namespace sbx::container {

// NAME=SOFT[:HARD], with -1 or "unlimited" for none, or "host" for the caller's own; on top of
// sbx's defaults: no core files, as many open files as programs expect.
Result<std::vector<oci::Rlimit>> compose_limits(const std::vector<std::string>& wishes);

Result<std::map<std::string, std::string>> parse_sysctls(const std::vector<std::string>& texts);
Result<std::uint32_t> parse_umask(std::string_view text);  // "0022", "22"

}  // namespace sbx::container
