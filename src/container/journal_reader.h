// A container's output as the system's journal has it, by way of journalctl(1): only that knows the
// journal's files, and who may read which of them.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "base/error.h"
#include "container/journal_export.h"
#include "os/process.h"

namespace sbx::container {

class JournalReader {
public:
    struct Options {
        std::string program = "/usr/bin/journalctl";
        std::string container;  // its id
        bool follows = false;
    };
    // Kind::unsupported where that program is not there.
    static Result<JournalReader> open(Options options);

    // Passes over all but the last `lines` of them. Before the first is read.
    void keep_last(std::uint64_t lines) { last_ = lines; }

    // Whether who writes the lines still does.
    enum class Writer : std::uint8_t { lives, has_ended };

    // The next line; nothing at the end, or, of one that follows while the writer lives, where
    // there is none yet.
    Result<std::optional<LogLine>> next(Writer writer);

    // Readable once there may be more. Of one that follows and has been asked for the next line.
    os::FdView change() const { return output_; }

private:
    explicit JournalReader(Options options) : options_(std::move(options)) {}

    enum class Order : std::uint8_t { oldest_first, newest_first };
    Result<> start(Order order);
    Result<bool> fill();  // whether there was more
    Result<> begin();
    Result<> read_last(std::uint64_t lines);
    Result<> settle();
    Result<> finish();

    Options options_;
    std::optional<std::uint64_t> last_ = {};
    std::optional<os::Process> process_ = {};
    bool follows_ = false;  // that process does
    os::Fd output_ = {};
    os::Fd errors_ = {};
    JournalExport entries_ = JournalExport();
    std::deque<LogLine> last_lines_ = {};
    bool at_end_ = false;
};

}  // namespace sbx::container
