// The first content of a volume: what an image has where it is mounted. Containers that start at
// the same time copy it one after the other, and none sees a part of it (CVE-2020-1726: what one
// has written is not copied over by another).
#pragma once

#include <functional>

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// Has `copy` fill the empty folder `into`, which is what `volume` mounts, or one in which an
// earlier copy was cut off. Under a lock that is beside the volume's content, where no container
// is: it is of the process that copies, ends with it, and is waited for.
Result<> fill_volume(const Bind& volume, os::FdView into, const std::function<Result<>()>& copy);

}  // namespace sbx::sandbox
