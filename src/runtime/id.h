// Names of containers, as OCI runtimes take them.
#pragma once

#include <string_view>

#include "base/error.h"

namespace sbx::runtime {

// "[A-Za-z0-9_+-][A-Za-z0-9_+.-]*", at most 1024 bytes: runc's grammar. Such a name is one name in
// a folder, never "." or "..", and hides nothing. Kind::usage for another one.
Result<> check_id(std::string_view id);

}  // namespace sbx::runtime
