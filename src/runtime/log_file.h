// The log of an OCI runtime, which the program that drives it reads to learn why it failed.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/log.h"
#include "base/time.h"
#include "os/fd.h"

namespace sbx::runtime {

class LogFile {
public:
    enum class Format : std::uint8_t { text, json };

    static Result<Format> parse_format(std::string_view name);

    // Appends to `path`; "file:PATH" is crun's way of saying it.
    static Result<LogFile> open(std::string_view path, Format format);

    // One line, as logrus writes it: containerd and podman parse that. Best effort: where the log
    // cannot be written there is nobody to tell.
    void write(log::Level level, std::string_view text, Instant time) const;

private:
    LogFile(os::Fd file, Format format) : file_(std::move(file)), format_(format) {}

    os::Fd file_;
    Format format_;
};

std::string log_line(LogFile::Format format, log::Level level, std::string_view text, Instant time);

}  // namespace sbx::runtime
