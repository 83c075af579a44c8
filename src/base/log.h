// What sbx does, step by step, for whoever debugs it: on standard error, and only when asked for.
//
// Below the cli layer this is the only thing that prints, and only at Level::debug: a failure is a
// Result, a loss of what was asked for is data in a Plan, and both are worded and printed by cli.
#pragma once

#include <cstdint>
#include <string_view>

#include <fmt/core.h>

namespace sbx::log {

enum class Level : std::uint8_t { error, warning, info, debug };

std::string_view name_of(Level level);  // "warning"
void set_level(Level level);
bool enabled(Level level);

void write(Level level, std::string_view text);  // one line, escaped for the terminal

template <class... Args>
void debug(fmt::format_string<Args...> text, Args&&... args) {
    if (enabled(Level::debug)) write(Level::debug, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace sbx::log
