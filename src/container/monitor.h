// The process that stays with a container: it keeps what the container writes, shows it to those
// who look on, and records how the container ended. The person may leave it and come back.
#pragma once

#include <functional>

#include "base/error.h"
#include "container/life.h"
#include "os/fd.h"

namespace sbx::container {

// Starts the container under a monitor, which outlives this process. Returns this side's end of
// their conversation (container/conversation.h), whose first word says whether it could be started.
// `meanwhile` as for Life::start(), but in the monitor.
Result<os::Fd> start_monitored(Life& life, const sandbox::Plan& plan,
                               const std::function<Result<>()>& meanwhile);

// The same end, for one more who looks on. Fails where there is no monitor.
Result<os::Fd> connect_to_monitor(os::FdView runtime_folder);

}  // namespace sbx::container
