// Published ports of containers: from options to a Blueprint, and what is shown of them.
#pragma once

#include <string>
#include <vector>

#include "container/blueprint.h"
#include "container/options.h"
#include "oci/image_config.h"

namespace sbx::container {

// --publish, --publish-all and --expose, and what the image exposes: ports that cannot be are left
// out with a warning there. Kind::usage for one of the person's that cannot be.
Result<> compose_ports(const Options& options, const oci::ImageDefaults& defaults,
                       Blueprint& blueprint);

// Of "80/tcp" each, or of ranges.
Result<std::vector<network::ContainerPort>> parse_exposed(const std::vector<std::string>& texts);
std::vector<std::string> words_of(const std::vector<network::ContainerPort>& ports);

// Those that a container that runs has on the host.
std::vector<network::PortMapping> ports_of(const store::LiveState& live);

// The name of a container that runs and has one of them on the host; empty where none has.
std::string holder_of(const store::Containers& containers,
                      const std::vector<network::PortMapping>& wanted);

// As docker has them in HostConfig.PortBindings, NetworkSettings.Ports and Config.ExposedPorts.
Json port_bindings_of(const std::vector<network::PortMapping>& ports);
Json network_ports_of(const std::vector<network::PortMapping>& ports,
                      const std::vector<network::ContainerPort>& exposed);
Json exposed_ports_of(const std::vector<network::ContainerPort>& exposed);

}  // namespace sbx::container
