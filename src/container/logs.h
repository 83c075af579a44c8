// What one container has written, up to now and, where that is wanted, from now on.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "container/log_reader.h"
#include "os/fd.h"
#include "os/file_watch.h"
#include "store/containers.h"

namespace sbx::container {

class Logs {
public:
    // Kind::unsupported where nothing of it is kept. Who follows is told of what comes.
    enum class Follow : std::uint8_t { no, yes };
    static Result<Logs> open(const store::Containers& containers, const std::string& id,
                             Follow follow);

    LogReader& reader() { return reader_; }

    // Whether there may be more: its monitor lives.
    bool goes_on() const;
    os::FdView monitor() const { return monitor_; }  // a pidfd, while it goes on
    // NOLINTNEXTLINE(bugprone-unchecked-optional-access): of one that is followed, which has it
    os::FileWatch& watch() { return *watch_; }

private:
    explicit Logs(LogReader reader) : reader_(std::move(reader)) {}

    LogReader reader_;
    std::optional<os::FileWatch> watch_ = {};
    os::Fd monitor_ = {};
};

}  // namespace sbx::container
