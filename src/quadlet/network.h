// A .network: podman-systemd.unit(5), "Network units".
#pragma once

#include "quadlet/service.h"

namespace sbx::quadlet {

// The service that makes it where it is not there, and removes it if that is asked for.
// Kind::usage.
Result<Service> network_service(const Unit& unit, const Units& units, const Caller& caller);

}  // namespace sbx::quadlet
