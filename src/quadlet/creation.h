// What a .volume and a .network have in common.
#pragma once

#include <span>

#include "quadlet/keys.h"
#include "quadlet/service.h"

namespace sbx::quadlet {

// The service that makes what the unit is about where it is not there, by the command of its kind
// (`sbx volume create`), and stays active. Kind::usage.
Result<Service> creating_service(const Unit& unit, const Units& units, const Caller& caller,
                                 std::span<const Key> keys);

}  // namespace sbx::quadlet
