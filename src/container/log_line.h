// One line of a container's log, in the form of the Kubernetes CRI: "TIME STREAM TAG TEXT", where
// TAG is F for a line that is whole and P for a part of one that goes on.
// https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace sbx::container {

enum class Stream : std::uint8_t { output, errors };

struct LogLine {
    Instant time = {};
    Stream stream = Stream::output;
    bool whole = true;
    std::string text = {};  // without its line break
};

// Appends the lines of `bytes`, all written at `time`, each with a line break behind it.
void append_log_lines(Stream stream, std::string_view bytes, Instant time, std::string& log);

// Nothing where it is no such line: half of one, or written by somebody else.
std::optional<LogLine> parse_log_line(std::string_view line);

}  // namespace sbx::container
