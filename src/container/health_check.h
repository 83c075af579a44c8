// Checking a container's health once: its check is run inside, as `exec` would run it.
#pragma once

#include "base/error.h"
#include "container/blueprint.h"
#include "container/health.h"
#include "store/containers.h"

namespace sbx::container {

// Runs the check of a container, waits for it, and records what it found. One that is not through
// when its time is over is killed with its session; what it leaves behind otherwise is not waited
// for. Kind::usage where the container has no check, Kind::failed where it does not run, or ended
// meanwhile, Kind::busy where it is paused, or was at the end: then nothing is recorded.
//
// The program reads nothing, and writes what is recorded; this process's own descriptors 0 to 2 are
// others for as long.
Result<Health> check_health(const store::Containers& containers, const Blueprint& blueprint);

// Records what somebody else knows of a check that did not come to its end. As above.
Result<Health> record_health(const store::Containers& containers, const Blueprint& blueprint,
                             const store::LiveState& checked, HealthResult result);

}  // namespace sbx::container
