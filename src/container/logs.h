// What one container has written, up to now and, where that is wanted, from now on.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/error.h"
#include "container/journal_reader.h"
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

    // Passes over all but the last `lines`. Before the first is read.
    Result<> keep_last(std::uint64_t lines);

    // The next line; nothing at the end of what has been written so far.
    Result<std::optional<LogLine>> next();

    // Whether there may be more: its monitor lives.
    bool goes_on() const;
    os::FdView monitor() const { return monitor_; }  // a pidfd, while it goes on

    // Readable once there may be more; of what is followed, while it goes on.
    os::FdView change() const;
    void forget_changes();  // those so far: before what they brought is read

private:
    // What is in files is announced by a watch over their folder.
    struct Files {
        LogReader reader;
        std::optional<os::FileWatch> watch = {};
    };
    explicit Logs(std::variant<Files, JournalReader> source) : source_(std::move(source)) {}

    std::variant<Files, JournalReader> source_;
    os::Fd monitor_ = {};
};

}  // namespace sbx::container
