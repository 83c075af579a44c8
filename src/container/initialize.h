// A container that is made ready before it is started: podman-init(1).
#pragma once

#include <string>

#include "base/error.h"
#include "sandbox/host.h"
#include "store/containers.h"
#include "store/store.h"

namespace sbx::container {

// Mounts its root and what was asked to be mounted in it, as its start would, by a process that
// ends with that: images are laid out, new volumes are filled, and what is missing is found out.
// From then on it is "initialized", until it is started. Kind::busy where it runs, or is so
// already.
Result<> initialize(const store::Store& store, const sandbox::Host& host, const std::string& id);

// Since its last end, and since the machine was started.
bool is_initialized(const store::Containers& containers, const store::ContainerRecord& record);

}  // namespace sbx::container
