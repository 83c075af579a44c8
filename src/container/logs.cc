#include "container/logs.h"

#include <poll.h>

#include "container/blueprint.h"
#include "container/log_file.h"
#include "os/process.h"

namespace sbx::container {

// Who writes it: the monitor of the life that lasts, or that between two lives.
static std::optional<store::ProcessName> writer_of(const store::Containers& containers,
                                                   const std::string& id) {
    const auto live = containers.live(id);
    if (live && os::is_alive(live->monitor, live->monitor_start_time))
        return store::ProcessName{.pid = live->monitor, .start_time = live->monitor_start_time};
    return containers.keeper(id);
}

Result<Logs> Logs::open(const store::Containers& containers, const std::string& id, Follow follow) {
    const Json kept = TRY(containers.read_spec(id));
    const LogChoice choice = TRY(log_choice_from(kept["log"]));
    if (!choice.kept())
        return Error(Error::Kind::unsupported, "with --log-driver {} nothing is kept",
                     choice.driver);
    const os::Fd folder = TRY(containers.folder(id));
    Logs logs(TRY(LogReader::open(folder, kLogName)));
    if (follow == Follow::no) return logs;
    TRY(containers.lock(id)).release();  // a start that is under way holds it
    logs.watch_ = TRY(os::FileWatch::open(folder));
    if (const auto writer = writer_of(containers, id))
        logs.monitor_ = os::open_process(writer->pid).value_or(os::Fd());
    return logs;
}

bool Logs::goes_on() const {
    if (!monitor_) return false;
    pollfd end{.fd = monitor_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, 0) == 0;
}

}  // namespace sbx::container
