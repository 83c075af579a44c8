// Volumes that begin with what an image has where they are mounted. Containers that start at the
// same time copy it one after the other, and none starts with a part of it (CVE-2020-1726: what one
// has written is not copied over by another).
#pragma once

#include <vector>

#include "base/error.h"
#include "os/lock.h"
#include "sandbox/plan.h"

namespace sbx::container {

// Held from before a container of `plan` mounts anything until its program runs: exclusive for each
// volume that is empty, shared for the others. The locks are beside the volumes' content, where no
// container is. Kind::busy after `patience`.
Result<std::vector<os::Lock>> hold_new_volumes(
    const sandbox::Plan& plan, std::chrono::milliseconds patience = std::chrono::minutes(10));

}  // namespace sbx::container
