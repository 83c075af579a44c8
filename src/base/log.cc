#include "base/log.h"

#include <cstdio>

#include "base/text.h"

namespace sbx::log {

static Level threshold = Level::warning;

std::string_view name_of(Level level) {
    switch (level) {
        case Level::error: return "error";
        case Level::warning: return "warning";
        case Level::info: return "info";
        case Level::debug: return "debug";
    }
    return "";
}

void set_level(Level level) { threshold = level; }

bool enabled(Level level) { return level <= threshold; }

void write(Level level, std::string_view text) {
    if (!enabled(level)) return;
    // Not fmt::print, which throws where standard error is closed or full.
    const std::string line = fmt::format("{}: {}\n", name_of(level), printable(text));
    (void)std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace sbx::log
