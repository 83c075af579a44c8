// The first content of a volume, and of a tmpfs that asks for it: what the image has where it is
// mounted (docker's rule). Of a volume, containers that start at the same time copy it one after
// the other, and none sees a part of it (CVE-2020-1726: what one has written is not copied over by
// another).
#pragma once

#include <functional>

#include "base/error.h"
#include "os/fd.h"
#include "os/root.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// Copies what `root` has at `to` into the folder `into`, which is about to be mounted there;
// nothing where that is not empty, or the image has no folder there.
Result<> copy_up(const os::InnerPath& to, const os::Root& root, os::FdView into);
Result<> copy_up(const Bind& m, const os::Root& root, os::FdView into);

// Has `copy` fill the empty folder `into`, which is what `volume` mounts, or one in which an
// earlier copy was cut off. Under a lock that is beside the volume's content, where no container
// is: it is of the process that copies, ends with it, and is waited for.
Result<> fill_volume(const Bind& volume, os::FdView into, const std::function<Result<>()>& copy);

}  // namespace sbx::sandbox
