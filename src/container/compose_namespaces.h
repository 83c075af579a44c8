// Which namespaces a container has, and of whom: --network, --pid, --ipc, --uts, --cgroupns and
// --userns.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "container/blueprint.h"
#include "container/compose.h"
#include "container/network_mode.h"
#include "container/options.h"

namespace sbx::container {

struct Namespaces {
    std::vector<oci::Namespace> all = {};
    sandbox::UserNamespace user = sandbox::OwnIds{};
    std::string hostname = {};               // of whoever it shares network or name with
    std::optional<NetworkFiles> files = {};  // of whoever it shares the network with
};

// What "container:NAME" comes to where that container has the host's network: docker's rule.
Result<NetworkMode> follow_to_host(const NetworkMode& mode, const store::Store& store);

// Kind::not_found for a container to share with that is not there, Kind::usage for what contradicts
// the sharing.
Result<Namespaces> compose_namespaces(const Options& options, const NetworkMode& network,
                                      const Surroundings& surroundings, const store::Store& store);

}  // namespace sbx::container
