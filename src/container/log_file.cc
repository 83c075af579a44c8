#include "container/log_file.h"

#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "os/file.h"

namespace sbx::container {

Result<LogFile> LogFile::open(os::FdView folder, std::string name, LogLimits limits) {
    LogFile log(TRY(os::duplicate(folder)), std::move(name), limits);
    TRY(log.reopen());
    return log;
}

Result<> LogFile::reopen() {
    file_.reset(::openat(folder_.get(), name_.c_str(),
                         O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                         0600));
    if (!file_) return Error::from_errno(errno, "open the log '{}'", name_);
    size_ = static_cast<std::uint64_t>(TRY(os::status_of(file_)).st_size);
    return {};
}

// The oldest goes, each of the others becomes one older.
Result<> LogFile::rotate() {
    const auto name_of = [this](int age) {
        return age == 0 ? name_ : fmt::format("{}.{}", name_, age);
    };
    TRY(os::remove_at(folder_, name_of(limits_.files - 1)));
    for (int age = limits_.files - 1; age > 0; --age) {
        Result<> renamed = os::rename_at(folder_, name_of(age - 1), name_of(age));
        if (!renamed && !renamed.failed_with(std::errc::no_such_file_or_directory)) return renamed;
    }
    return reopen();
}

// All of it or nothing: a line that is torn would be taken for the container's.
bool LogFile::append(std::string_view lines) {
    const Result<> written = os::write_all(file_, lines);
    if (written) {
        size_ += lines.size();
        return true;
    }
    reason_ = written.error().code();
    if (::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0) reason_ = errno;
    return false;
}

void LogFile::tell_loss(Instant time) {
    const std::string note =
        fmt::format("sbx: {} bytes were not logged: {}\n", lost_, ::strerror(reason_));
    std::string line;
    append_log_lines(Stream::errors, note, time, line);
    if (append(line)) lost_ = 0;
}

void LogFile::write(Stream stream, std::string_view bytes, Instant time) {
    if (limits_.size > 0 && size_ >= limits_.size)
        if (const Result<> rotated = rotate(); !rotated)
            log::debug("{}", rotated.error().text());  // it grows on, as nothing is lost by that
    if (lost_ > 0) tell_loss(time);
    std::string lines;
    lines.reserve(bytes.size() + bytes.size() / 2);
    append_log_lines(stream, bytes, time, lines);
    if (lost_ > 0 || !append(lines)) lost_ += bytes.size();
}

}  // namespace sbx::container
