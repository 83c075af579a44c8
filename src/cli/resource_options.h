// The options that limit a container: of run, create and update.
#pragma once

#include "cli/args.h"
#include "container/resources.h"

namespace sbx::cli {

void declare_resources(Args& args, container::ResourceOptions& options);

}  // namespace sbx::cli
