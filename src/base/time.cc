#include "base/time.h"

#include <charconv>
#include <cmath>
#include <ctime>
#include <optional>

#include "base/text.h"

namespace sbx {

using namespace std::chrono;

Instant now() { return system_clock::now(); }

std::string rfc3339(Instant time) {
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::string fraction = fmt::format("{:09}", clock.subseconds().count());
    while (fraction.ends_with('0'))
        fraction.pop_back();
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       fraction.empty() ? "" : ".", fraction);
}

namespace {

// Takes the parts of a fixed form from the front of a text.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    std::optional<int> digits(std::size_t count) {
        int value = 0;
        if (rest_.size() < count) return std::nullopt;
        for (const char c : rest_.substr(0, count)) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    bool take(char expected) {
        if (rest_.empty() || rest_.front() != expected) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::optional<nanoseconds> fraction() {
        if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return std::nullopt;
        std::int64_t value = 0;
        std::int64_t unit = 1'000'000'000;
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
             rest_.remove_prefix(1)) {
            unit /= 10;
            value += unit * (rest_.front() - '0');
        }
        return nanoseconds(value);
    }

    bool done() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

}  // namespace

// Nanoseconds in 64 bits reach a little further.
static constexpr year_month_day kFirstDay = 1678y / 1 / 1;
static constexpr year_month_day kLastDay = 2261y / 12 / 31;

static std::optional<Instant> date_in(Scanner& scan) {
    const auto y = scan.digits(4);
    const bool first = scan.take('-');
    const auto m = scan.digits(2);
    const bool second = scan.take('-');
    const auto d = scan.digits(2);
    if (!y || !m || !d || !first || !second) return std::nullopt;
    const year_month_day date(year(*y), month(static_cast<unsigned>(*m)),
                              day(static_cast<unsigned>(*d)));
    if (!date.ok() || date < kFirstDay || date > kLastDay) return std::nullopt;
    return Instant(sys_days(date));
}

static std::optional<nanoseconds> clock_in(Scanner& scan) {
    const auto h = scan.digits(2);
    const bool first = scan.take(':');
    const auto m = scan.digits(2);
    const bool second = scan.take(':');
    const auto s = scan.digits(2);
    if (!h || !m || !s || !first || !second || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
    const auto fraction = scan.take('.') ? scan.fraction() : nanoseconds(0);
    if (!fraction) return std::nullopt;
    return hours(*h) + minutes(*m) + seconds(*s) + *fraction;
}

static std::optional<minutes> zone_in(Scanner& scan) {
    if (scan.take('Z') || scan.take('z')) return minutes(0);
    const int sign = scan.take('+') ? 1 : scan.take('-') ? -1 : 0;
    const auto h = scan.digits(2);
    const bool colon = scan.take(':');
    const auto m = scan.digits(2);
    if (sign == 0 || !h || !m || !colon || *h > 23 || *m > 59) return std::nullopt;
    return sign * (hours(*h) + minutes(*m));
}

static std::optional<Instant> instant_in(std::string_view text) {
    Scanner scan(text);
    const auto date = date_in(scan);
    const bool separator = scan.take('T') || scan.take('t') || scan.take(' ');
    const auto clock = clock_in(scan);
    const auto zone = zone_in(scan);
    if (!date || !separator || !clock || !zone || !scan.done()) return std::nullopt;
    const Instant instant = *date + *clock - *zone;
    // In UTC it may be of another year, which would not be read again.
    const year_month_day day(floor<days>(instant));
    return day < kFirstDay || day > kLastDay ? std::nullopt : std::optional(instant);
}

// What the clocks of this machine's time zone showed then: tzset(3).
static Instant from_local(Instant shown) {
    const auto day = floor<days>(shown);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<seconds>(shown - day));
    tm parts{};
    parts.tm_year = static_cast<int>(date.year()) - 1900;
    parts.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
    parts.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
    parts.tm_hour = static_cast<int>(clock.hours().count());
    parts.tm_min = static_cast<int>(clock.minutes().count());
    parts.tm_sec = static_cast<int>(clock.seconds().count());
    parts.tm_isdst = -1;
    return Instant(seconds(::mktime(&parts))) + (shown - floor<seconds>(shown));
}

// A day, or a time without its zone, perhaps without its seconds.
static std::optional<Instant> local_instant_in(std::string_view text) {
    constexpr std::size_t kToMinutes = std::string_view("2026-11-28T12:00").size();
    const std::string whole = fmt::format("{}{}", text, text.size() == kToMinutes ? ":00" : "");
    Scanner scan(whole);
    const auto date = date_in(scan);
    if (!date) return std::nullopt;
    if (scan.done()) return from_local(*date);
    const bool separator = scan.take('T') || scan.take('t') || scan.take(' ');
    const auto clock = clock_in(scan);
    if (!separator || !clock || !scan.done()) return std::nullopt;
    return from_local(*date + *clock);
}

Result<Instant> parse_rfc3339(std::string_view text) {
    if (const std::optional<Instant> instant = instant_in(text)) return *instant;
    return Error(Error::Kind::usage, "'{}' is not a time such as 2026-11-23T18:00:00Z",
                 excerpt(text));
}

Result<Instant> parse_moment(std::string_view text, Instant now) {
    if (const Result<Instant> time = parse_rfc3339(text)) return *time;
    if (const std::optional<Instant> time = local_instant_in(text)) return *time;
    if (const Result<std::int64_t> number = parse_number(text, 0, INT32_MAX))
        return Instant(seconds(*number));
    const Result<nanoseconds> age = parse_duration(text);
    if (age && text.find_first_not_of("0123456789.") != text.npos) return now - *age;
    return Error(Error::Kind::usage, "'{}' is neither a time nor an age", excerpt(text))
        .hint("for example 24h, 2026-11-28 or 2026-11-28T12:00:00Z");
}

static std::string count(std::int64_t n, std::string_view unit) {
    return fmt::format("{} {}{}", n, unit, n == 1 ? "" : "s");
}

std::string ago(Instant then, Instant now) {
    // In seconds, as two instants may be further apart than 64 bits of nanoseconds reach.
    const std::int64_t s =
        std::max<std::int64_t>(0, (floor<seconds>(now) - floor<seconds>(then)).count());
    constexpr std::int64_t kHour = 3600;
    if (s < 1) return "Less than a second";
    if (s < 60) return count(s, "second");
    if (s < 120) return "About a minute";
    if (s < kHour) return count(s / 60, "minute");
    if (s < 2 * kHour) return "About an hour";
    if (s < 48 * kHour) return count(s / kHour, "hour");
    const std::int64_t d = s / (24 * kHour);
    if (d < 14) return count(d, "day");
    if (d < 60) return count(d / 7, "week");
    if (d < 730) return count(d / 30, "month");
    return count(d / 365, "year");
}

static std::optional<double> unit_of(std::string_view unit) {
    if (unit == "ns") return 1;
    if (unit == "us" || unit == "µs") return 1e3;
    if (unit == "ms") return 1e6;
    if (unit == "s") return 1e9;
    if (unit == "m") return 60e9;
    if (unit == "h") return 3600e9;
    return std::nullopt;
}

static std::optional<double> duration_in(std::string_view text) {
    double total = 0;
    while (!text.empty()) {
        double number = 0;
        const bool digit = (text.front() >= '0' && text.front() <= '9') || text.front() == '.';
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number,
                                                    std::chars_format::fixed);
        if (!digit || failure != std::errc{}) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const std::size_t size = std::min(text.find_first_of("0123456789."), text.size());
        const std::optional<double> unit = unit_of(text.substr(0, size));
        if (!unit) return std::nullopt;
        total += number * *unit;
        text.remove_prefix(size);
    }
    return total;
}

Result<nanoseconds> parse_duration(std::string_view text) {
    const bool bare = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
    const std::optional<double> total =
        text.empty() ? std::nullopt
                     : duration_in(bare ? fmt::format("{}s", text) : std::string(text));
    constexpr double kMost = 9.2e18;
    if (!total || *total > kMost)
        return Error(Error::Kind::usage, "'{}' is not a length of time such as 90, 500ms, 1h30m",
                     excerpt(text));
    return nanoseconds(static_cast<std::int64_t>(*total));
}

}  // namespace sbx
