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
    const bool follows = follow == Follow::yes;
    const auto open_source = [&]() -> Result<Logs> {
        if (choice.in_journal())
            return Logs(TRY(JournalReader::open({.container = id, .follows = follows})));
        return Logs(Files{.reader = TRY(LogReader::open(folder, kLogName))});
    };
    Logs logs = TRY(open_source());
    if (!follows) return logs;
    TRY(containers.lock(id)).release();  // a start that is under way holds it
    if (Files* files = std::get_if<Files>(&logs.source_))
        files->watch = TRY(os::FileWatch::open(folder));
    if (const auto writer = writer_of(containers, id))
        logs.monitor_ = os::open_process(writer->pid).value_or(os::Fd());
    return logs;
}

Result<> Logs::keep_last(std::uint64_t lines) {
    if (Files* files = std::get_if<Files>(&source_)) return files->reader.keep_last(lines);
    std::get<JournalReader>(source_).keep_last(lines);
    return {};
}

Result<std::optional<LogLine>> Logs::next() {
    using Writer = JournalReader::Writer;
    if (Files* files = std::get_if<Files>(&source_)) return files->reader.next();
    return std::get<JournalReader>(source_).next(goes_on() ? Writer::lives : Writer::has_ended);
}

bool Logs::goes_on() const {
    if (!monitor_) return false;
    pollfd end{.fd = monitor_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, 0) == 0;
}

os::FdView Logs::change() const {
    if (const Files* files = std::get_if<Files>(&source_); files && files->watch)
        return files->watch->fd();
    if (const JournalReader* journal = std::get_if<JournalReader>(&source_))
        return journal->change();
    return os::FdView::number(-1);
}

void Logs::forget_changes() {
    if (Files* files = std::get_if<Files>(&source_); files && files->watch) files->watch->forget();
}

}  // namespace sbx::container
