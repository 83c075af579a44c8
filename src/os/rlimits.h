// The names of resource limits: getrlimit(2).
#pragma once

#include <span>
#include <string_view>

#include <sys/resource.h>

#include "base/error.h"

namespace sbx::os {

Result<int> parse_rlimit(std::string_view text);       // "RLIMIT_NOFILE", "nofile" -> RLIMIT_NOFILE
std::span<const std::string_view> all_rlimit_names();  // "nofile", for completion

Result<rlimit> limit_of(int resource);  // this process's
std::string limit_text(rlim_t value);   // "unlimited" for none
Result<> set_limit(int resource, const rlimit& limit);
Result<> raise_soft_limit(int resource);                              // to the hard one
Result<> raise_hard_limit(pid_t process, int resource, rlim_t most);  // never lowers it

}  // namespace sbx::os
