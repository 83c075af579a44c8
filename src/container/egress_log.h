// --net-log: where what a container is kept from is noted.
#pragma once

#include <string>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::container {

// Who looks on as a container runs: to whose standard error "-" leads.
enum class Watched : std::uint8_t { by_nobody, by_person };

// To be written to, each line at once: the file at `path`, which is made where there is none and
// has to be no link, or standard error where that is "-", at which nobody waits. Closed where
// there is nowhere to note anything.
Result<os::Fd> open_egress_log(const std::string& path, Watched watched);

}  // namespace sbx::container
