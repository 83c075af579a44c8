// A container's log as people look at it: from the oldest of its files on, or from its last lines,
// while it may be written to.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "container/log_line.h"
#include "os/fd.h"
#include "os/rotated_lines.h"

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
    explicit LogReader(os::RotatedLines lines) : lines_(std::move(lines)) {}

    os::RotatedLines lines_;
};

}  // namespace sbx::container
