// What is mounted with the option U, given to the user that a container runs as: podman-run(1),
// "Chowning Volume Mounts".
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "container/options.h"
#include "sandbox/host.h"
#include "store/store.h"

namespace sbx::container {

// Where the mounts are that are to be given. Kind::usage as from compose().
Result<std::vector<std::string>> targets_to_give(const Options& options);

// Of a container that has been made, does not run, and is kept from it by the caller. The user is
// looked up as at its start. Returns what stays whose it is, a sentence each. Kind::unsupported
// where its root is served by a program.
Result<std::vector<std::string>> give_volumes(const store::Store& store, const sandbox::Host& host,
                                              const std::string& id,
                                              const std::vector<std::string>& targets);

}  // namespace sbx::container
