// The options of a health check, which several commands have.
#pragma once

#include "cli/args.h"
#include "container/health_options.h"

namespace sbx::cli {

void declare_health(Args& args, container::HealthOptions& o);

}  // namespace sbx::cli
