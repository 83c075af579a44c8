// A container's log as people look at it: from the oldest of its files on, or from its last lines,
// while it may be written to.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "container/log_line.h"
#include "os/fd.h"

namespace sbx::container {

class LogReader {
public:
    // Of the file `name` in `folder` and the older ones beside it. A log that is not there is an
    // empty one.
    static Result<LogReader> open(os::FdView folder, std::string name);

    // Passes over all but the last `lines` whole ones of what is there now.
    Result<> keep_last(std::uint64_t lines);

    // The next line; nothing at the end of what has been written so far.
    Result<std::optional<LogLine>> next();

private:
    LogReader(os::Fd folder, std::string name)
        : folder_(std::move(folder)), name_(std::move(name)) {}

    Result<bool> fill();        // whether there was more
    Result<bool> open_newer();  // whether there is a file that is newer than the one that is read
    Result<int> age_of_file() const;

    os::Fd folder_;
    std::string name_;
    os::Fd file_ = {};
    std::string buffer_ = {};
    std::size_t read_ = 0;  // of the buffer
};

}  // namespace sbx::container
