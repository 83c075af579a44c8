// A container's log as its monitor writes it: container/log_line.h, in a file, or in several of
// which the older ones are FILE.1, FILE.2 and so on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "container/log_line.h"
#include "os/fd.h"

namespace sbx::container {

// The file in a container's own folder.
constexpr const char* kLogName = "log";

struct LogLimits {
    std::uint64_t size = 0;  // of one file, in bytes; 0: there is none
    int files = 1;           // at most, with the one that is written to
};

class LogFile {
public:
    // What is there already is appended to.
    static Result<LogFile> open(os::FdView folder, std::string name, LogLimits limits);

    // The container does not wait for its log, or end with it: what cannot be written (the disk is
    // full) is lost, line by line, and how much of it is said as soon as something can be.
    void write(Stream stream, std::string_view bytes, Instant time);

private:
    LogFile(os::Fd folder, std::string name, LogLimits limits)
        : folder_(std::move(folder)), name_(std::move(name)), limits_(limits) {}

    Result<> reopen();
    Result<> rotate();
    bool append(std::string_view lines);
    void tell_loss(Instant time);

    os::Fd folder_;
    std::string name_;
    LogLimits limits_;
    os::Fd file_ = {};
    std::uint64_t size_ = 0;
    std::uint64_t lost_ = 0;  // bytes of the container's
    int reason_ = 0;          // errno of the loss
};

}  // namespace sbx::container
