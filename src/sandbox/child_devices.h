// The child's part of device nodes.
#pragma once

#include <string>

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// Makes `name` in `folder`, which belongs to sbx or is resolved by it: mknod(2). One that is there
// already stays, where it is the same device; anything else is Kind::exists.
Result<> make_node(os::FdView folder, const std::string& name, const DeviceNode& node);

// null, zero, full, random, urandom and tty, which every program expects.
Result<> make_usual_nodes(os::FdView folder, Nodes nodes);

}  // namespace sbx::sandbox
