// A .pod: podman-systemd.unit(5), "Pod units".
#pragma once

#include "quadlet/service.h"

namespace sbx::quadlet {

// The service that makes it and removes it. Its containers start with it. Kind::usage.
Result<Service> pod_service(const Unit& unit, const Units& units, const Caller& caller);

}  // namespace sbx::quadlet
