#include "container/egress_log.h"

#include <fcntl.h>

#include "os/append_file.h"

namespace sbx::container {

// One of its own, at which nobody waits: who reads it may have stopped to.
static os::Fd standard_error() {
    return os::Fd(
        ::open("/proc/self/fd/2", O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

Result<os::Fd> open_egress_log(const std::string& path, Watched watched) {
    if (path == "-") return watched == Watched::by_person ? standard_error() : os::Fd();
    if (path.empty()) return os::Fd();
    // The container may write to the folder, and lead elsewhere from there.
    return TRY(os::append_to(path), "--net-log");
}

}  // namespace sbx::container
