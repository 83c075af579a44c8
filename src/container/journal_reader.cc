#include "container/journal_reader.h"

#include <array>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "base/text.h"
#include "os/pipe.h"

namespace sbx::container {

Result<JournalReader> JournalReader::open(Options options) {
    if (::access(options.program.c_str(), X_OK) != 0)
        return Error(Error::Kind::unsupported,
                     "its output is in the journal, and there is no '{}' to read that",
                     options.program)
            .hint("the package systemd has it");
    return JournalReader(std::move(options));
}

// _UID is the journal's own word: anybody may enter lines under the name of any container.
Result<> JournalReader::start(Order order) {
    follows_ = options_.follows && order == Order::oldest_first;
    os::Pipe output = TRY(os::open_pipe());
    os::Pipe errors = TRY(os::open_pipe());
    TRY(os::do_not_wait(errors.read_end));
    if (follows_) TRY(os::do_not_wait(output.read_end));
    std::vector<std::string> argv = {
        options_.program,  "--quiet",
        "--no-pager",      "--all",
        "--output=export", "--output-fields=MESSAGE,PRIORITY,CONTAINER_PARTIAL_MESSAGE",
        "--lines=all"};
    if (follows_) argv.emplace_back("--follow");
    if (order == Order::newest_first) argv.emplace_back("--reverse");
    if (!entries_.cursor().empty()) argv.push_back("--after-cursor=" + entries_.cursor());
    argv.push_back("CONTAINER_ID_FULL=" + options_.container);
    argv.push_back(fmt::format("_UID={}", ::geteuid()));
    process_.emplace(TRY(os::start(
        {.argv = std::move(argv), .output = output.write_end, .errors = errors.write_end})));
    output_ = std::move(output.read_end);
    errors_ = std::move(errors.read_end);
    entries_ = JournalExport(entries_.cursor());  // not behind the half of one
    return {};
}

// Its complaint, where it has one.
Result<> JournalReader::finish() {
    at_end_ = true;
    if (!process_) return {};
    const os::ExitStatus status = TRY(process_->wait());
    process_.reset();
    if (status.code == 0 && !follows_) return {};
    std::array<char, 512> bytes;
    const ssize_t n = ::read(errors_.get(), bytes.data(), bytes.size());
    const std::string_view said(bytes.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
    const std::string_view line = trim(said.substr(0, said.find('\n')));
    if (line.empty())
        return Error(Error::Kind::failed, "journalctl has ended with {}", status.code);
    return Error(Error::Kind::failed, "journalctl: {}", excerpt(line, 200));
}

Result<bool> JournalReader::fill() {
    std::array<char, std::size_t{64} * 1024> bytes;
    for (;;) {
        const ssize_t n = ::read(output_.get(), bytes.data(), bytes.size());
        if (n > 0) {
            entries_.add({bytes.data(), static_cast<std::size_t>(n)});
            return true;
        }
        if (n == 0) break;
        if (errno == EAGAIN) return false;
        if (errno != EINTR) return Error::from_errno(errno, "read what journalctl writes");
    }
    TRY(finish());
    return false;
}

// The journal may not have written down yet what it was given last, and says nothing of that. What
// comes no more in this time is read without waiting, from behind the last line.
Result<> JournalReader::settle() {
    constexpr int kQuiet = 250;  // milliseconds
    pollfd more{.fd = output_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&more, 1, kQuiet) > 0) return {};
    process_.reset();
    options_.follows = false;
    return start(Order::oldest_first);
}

// To the journal a part of a line is an entry as any other. It is read from its end until there is
// the end of a line too many. What follows is read from there on.
Result<> JournalReader::read_last(std::uint64_t lines) {
    TRY(start(Order::newest_first));
    std::optional<std::string> newest;
    std::array<bool, 2> is_begun = {};  // of each stream: its last entry may be a part
    for (std::uint64_t found = 0;;) {
        std::optional<LogLine> entry = TRY(entries_.next());
        if (!entry && TRY(fill())) continue;
        if (!entry) break;
        if (!newest) newest = entries_.cursor();
        bool& begun = is_begun.at(static_cast<std::size_t>(entry->stream));
        const bool is_end = entry->whole || !begun;
        begun = true;
        if (is_end && found++ == lines) break;
        last_lines_.push_front(*std::move(entry));
    }
    process_.reset();
    entries_ = JournalExport(newest.value_or(""));
    return {};
}

Result<> JournalReader::begin() {
    if (last_) TRY(read_last(*last_));
    at_end_ = last_.has_value() && !options_.follows;
    return at_end_ ? Result<>() : start(Order::oldest_first);
}

Result<std::optional<LogLine>> JournalReader::next(Writer writer) {
    if (!process_ && !at_end_) {
        options_.follows = options_.follows && writer == Writer::lives;
        TRY(begin());
    }
    if (!last_lines_.empty()) {
        LogLine line = std::move(last_lines_.front());
        last_lines_.pop_front();
        return std::optional(std::move(line));
    }
    for (;;) {
        if (std::optional<LogLine> line = TRY(entries_.next())) return line;
        if (at_end_) return std::optional<LogLine>();
        if (TRY(fill())) continue;
        if (at_end_ || writer == Writer::lives) return std::optional<LogLine>();
        TRY(settle());
    }
}

}  // namespace sbx::container
