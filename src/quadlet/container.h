// A .container: podman-systemd.unit(5), "Container units".
#pragma once

#include "quadlet/service.h"

namespace sbx::quadlet {

// The service that runs it in the foreground, and removes it at its end. Kind::usage.
Result<Service> container_service(const Unit& unit, const Units& units, const Caller& caller);

// Whether its pod has it started: StartWithPod=.
Result<bool> starts_with_pod(const Unit& unit);

}  // namespace sbx::quadlet
