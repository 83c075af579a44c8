#pragma once

#include "cli/command.h"
#include "container/session.h"
#include "store/containers.h"

namespace sbx::cli {

std::unique_ptr<Command> make_attach();

// Stays with a container that runs already, until one of both ends. Its exit code, or 0 where the
// person left.
Result<int> join_container(const store::Containers& containers, const std::string& id,
                           const container::Attendance& how);

}  // namespace sbx::cli
