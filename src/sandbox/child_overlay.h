// Laying a folder of the container's own over one of the host's: the child mounts it, and has what
// is in it ready before; who starts the child sees to it before and afterwards.
#pragma once

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// Before the child mounts those of `plan`, and not by it: the folders that theirs are in are of the
// person's id, whatever ids the container has. Folders that last are the person's own, and left as
// they are here and below.
Result<> make_overlay_folders(const Plan& plan);

// What the upper folders have in them once they are mounted: in a life nothing, or what visits have
// put there since the last one; in a visit that reads what the last life has left. The first visit
// that writes begins the next life.
enum class Occasion : std::uint8_t { life, reading_visit, writing_visit };
Result<> prepare_overlays(const Plan& plan, Occasion occasion);

// Mounts one on the folder of `where`. Kind::unsupported where the kernel takes the source for no
// lower folder.
Result<> mount_overlay_on(const os::Fd& where, const Overlay& overlay);

// Once the life's program runs: what was put there since the last one is this one's, and no later
// one's.
Result<> forget_visits(const Plan& plan);

}  // namespace sbx::sandbox
