#include "container/log_line.h"

namespace sbx::container {

static constexpr std::string_view kOutput = "stdout";
static constexpr std::string_view kErrors = "stderr";

void append_log_lines(Stream stream, std::string_view bytes, Instant time, std::string& log) {
    const std::string begin =
        rfc3339(time).append(1, ' ').append(stream == Stream::output ? kOutput : kErrors);
    const std::string begin_whole = begin + " F ";
    while (!bytes.empty()) {  // what a busy monitor does most: two copies a line
        const std::size_t end = bytes.find('\n');
        if (end == bytes.npos) {
            log.append(begin).append(" P ").append(bytes).append(1, '\n');
            return;
        }
        log.append(begin_whole).append(bytes.substr(0, end + 1));
        bytes.remove_prefix(end + 1);
    }
}

// Up to the next space, which is taken off as well.
static std::string_view take_word(std::string_view& line) {
    const std::size_t end = line.find(' ');
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(end == line.npos ? line.size() : end + 1);
    return word;
}

std::optional<LogLine> parse_log_line(std::string_view line) {
    const Result<Instant> time = parse_rfc3339(take_word(line));
    const std::string_view stream = take_word(line);
    const std::string_view tag = take_word(line);
    const bool known = (stream == kOutput || stream == kErrors) && (tag == "F" || tag == "P");
    if (!time || !known) return std::nullopt;
    return LogLine{.time = *time,
                   .stream = stream == kOutput ? Stream::output : Stream::errors,
                   .whole = tag == "F",
                   .text = std::string(line)};
}

}  // namespace sbx::container
