// Instants and lengths of time as people and documents write them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sbx {

using Instant = std::chrono::sys_time<std::chrono::nanoseconds>;

Instant now();

std::string rfc3339(Instant time);  // "2026-11-23T18:23:05.123456789Z"; RFC 3339 5.6
Result<Instant> parse_rfc3339(std::string_view text);

// A time of RFC 3339, a day of it, seconds since 1970, or how long ago it was: "90m". Without a
// zone the local one is meant, of $TZ or /etc/localtime: "2026-11-28T12:00:00", "2026-11-28".
Result<Instant> parse_moment(std::string_view text, Instant now);

std::string ago(Instant then, Instant now);  // "3 hours": what docker shows, without "ago"

// A length of time as Go writes it ("300ms", "1h2m", "1.5s"); a bare number is seconds.
Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

}  // namespace sbx
