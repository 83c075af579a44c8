#include "container/logs.h"

#include <poll.h>

#include "container/blueprint.h"
#include "container/log_file.h"
#include "os/process.h"

namespace sbx::container {

Result<Logs> Logs::open(const store::Containers& containers, const std::string& id) {
    const Json kept = TRY(containers.read_spec(id));
    const LogChoice choice = TRY(log_choice_from(kept["log"]));
    if (!choice.kept())
        return Error(Error::Kind::unsupported, "with --log-driver {} nothing is kept",
                     choice.driver);
    TRY(containers.lock(id)).release();  // a start that is under way holds it
    const os::Fd folder = TRY(containers.folder(id));
    os::FileWatch watch = TRY(os::FileWatch::open(folder));
    Logs logs(TRY(LogReader::open(folder, kLogName)), std::move(watch));
    if (const auto live = containers.live(id))
        if (os::is_alive(live->monitor, live->monitor_start_time))
            logs.monitor_ = os::open_process(live->monitor).value_or(os::Fd());
    return logs;
}

bool Logs::goes_on() const {
    if (!monitor_) return false;
    pollfd end{.fd = monitor_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, 0) == 0;
}

}  // namespace sbx::container
