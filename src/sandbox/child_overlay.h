// The child's part of laying a folder of its own over one of the host's.
#pragma once

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// Mounts it on the folder of `where`. Its upper folder and its work folder are made here where they
// are missing, and the upper one is empty where it does not last. Kind::unsupported where the
// kernel takes the source for no lower folder.
Result<> mount_overlay_on(const os::Fd& where, const Overlay& overlay);

// For one that does not last, before it is mounted with `lasting` while its container does not run,
// as its last life has left it. Changes that are for the next life are there when that begins.
enum class Changes : std::uint8_t { none, for_next_life };
Result<> open_to_visits(const Overlay& overlay, Changes changes);

}  // namespace sbx::sandbox
