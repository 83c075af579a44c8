// What `inspect` shows of a container's ties to the host: docker's HostConfig and NetworkSettings.
#pragma once

#include "base/json.h"
#include "container/blueprint.h"
#include "container/connection.h"

namespace sbx::container {

Json host_config_of(const Blueprint& blueprint);
// With what it has of shared networks while it runs.
Json network_settings_of(const Blueprint& blueprint,
                         const std::vector<Connection>& connections = {});

}  // namespace sbx::container
