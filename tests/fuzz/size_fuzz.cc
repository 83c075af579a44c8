#include "fuzz.h"

#include "base/text.h"
#include "base/time.h"
#include "os/accounts.h"
#include "os/signals.h"

void sbx::fuzz::one(std::string_view text) {
    if (const auto size = parse_size(text)) {
        must(*size <= INT64_MAX);
        must(!size_text(*size).empty());
    }
    if (const auto number = parse_number(text, INT64_MIN, INT64_MAX))
        must(fmt::format("{}", *number) == text);
    if (const auto id = os::parse_id(text)) must(fmt::format("{}", *id) == text);
    if (const auto signal = os::parse_signal(text))
        must(*os::parse_signal(os::signal_name(*signal)) == *signal);
    if (const auto time = parse_rfc3339(text)) {
        must(*parse_rfc3339(rfc3339(*time)) == *time);
        must(!ago(*time, now()).empty());
    }
    if (const auto time = parse_duration(text)) must(time->count() >= 0);
}
