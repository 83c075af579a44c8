// A .volume: podman-systemd.unit(5), "Volume units".
#pragma once

#include "quadlet/service.h"

namespace sbx::quadlet {

// The service that makes it where it is not there; it is not removed. Kind::usage.
Result<Service> volume_service(const Unit& unit, const Units& units, const Caller& caller);

}  // namespace sbx::quadlet
