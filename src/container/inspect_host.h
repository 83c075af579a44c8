// What `inspect` shows of a container's ties to the host: docker's HostConfig and NetworkSettings.
#pragma once

#include "base/json.h"
#include "container/blueprint.h"

namespace sbx::container {

Json host_config_of(const Blueprint& blueprint);
Json network_settings_of(const Blueprint& blueprint);

}  // namespace sbx::container
