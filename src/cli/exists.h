#pragma once

#include "cli/command.h"

namespace sbx::cli {

std::unique_ptr<Command> make_container_exists();
std::unique_ptr<Command> make_image_exists();
std::unique_ptr<Command> make_volume_exists();
std::unique_ptr<Command> make_network_exists();
std::unique_ptr<Command> make_pod_exists();
std::unique_ptr<Command> make_secret_exists();

}  // namespace sbx::cli
