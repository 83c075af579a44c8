// The child's part of giving a container its secrets.
#pragma once

#include <functional>

#include "base/error.h"
#include "os/fd.h"
#include "os/path.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// Makes them in a new tmpfs, which is mounted on the folder of `where`, read-only in the end. One
// that belongs elsewhere is bound there, on what `target` makes of its path.
Result<> make_secrets(const Secrets& secrets, const os::Fd& where,
                      const std::function<Result<os::Fd>(const os::InnerPath&)>& target);

}  // namespace sbx::sandbox
