// Network devices, and moving them to another network namespace: rtnetlink(7).
#pragma once

#include <string>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

// Gives the device `name` of this network namespace to the one of `ns`, as `inside`, where "%d"
// stands for a number that is free; there it is up, and has those of its addresses that are
// permanent and of global scope. Kind::not_found where there is none of that name, Kind::exists
// where the other namespace has one called `inside` already: nothing is moved then.
Result<> move_net_device(const std::string& name, FdView ns, const std::string& inside);

}  // namespace sbx::os
