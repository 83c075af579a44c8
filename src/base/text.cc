#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/utf8.h"

namespace sbx {

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    parts.reserve(1 + static_cast<std::size_t>(std::ranges::count(text, separator)));
    for (std::size_t at = 0; at != text.npos;) {
        const std::size_t end = text.find(separator, at);
        parts.push_back(text.substr(at, end == text.npos ? text.npos : end - at));
        at = end == text.npos ? text.npos : end + 1;
    }
    return parts;
}

std::string join(std::span<const std::string> words, std::string_view separator) {
    std::string text;
    for (const std::string& word : words) {
        if (&word != words.data()) text += separator;
        text += word;
    }
    return text;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::optional<Halves> halves(std::string_view text, char separator) {
    const std::size_t at = text.find(separator);
    if (at == text.npos) return std::nullopt;
    return Halves{.before = text.substr(0, at), .after = text.substr(at + 1)};
}

static bool shows_as_itself(char32_t c) {
    const bool control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
    const bool bidirectional = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
                               c == 0x200e || c == 0x200f || c == 0x061c;
    const bool line_break = c == 0x2028 || c == 0x2029;
    return !control && !bidirectional && !line_break;
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const utf8::Rune rune = utf8::first(text);
        const std::string_view bytes = text.substr(0, rune.size);
        if (!rune.valid || (rune.code < 0x80 && !shows_as_itself(rune.code)))
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes.front()));
        else if (!shows_as_itself(rune.code))
            out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(rune.code));
        else
            out += bytes;
        text.remove_prefix(rune.size);
    }
    return out;
}

std::string printable_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\n\t"), text.size());
        out += printable(text.substr(0, end));
        if (end < text.size()) out += text[end];
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string excerpt(std::string_view text, std::size_t limit) {
    std::size_t end = 0;
    for (; limit > 0 && end < text.size(); --limit)
        end += utf8::first(text.substr(end)).size;
    return printable(text.substr(0, end)) + (end < text.size() ? "…" : "");
}

// Levenshtein's distance, in which two letters that changed places count once.
static std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last;
    std::vector<std::size_t> last;
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 0; i < a.size(); ++i) {
        before_last = std::exchange(last, row);
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = last[j] + (a[i] == b[j] ? 0 : 1);
            row[j + 1] = std::min({replaced, row[j] + 1, last[j + 1] + 1});
            const bool swapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
            if (swapped) row[j + 1] = std::min(row[j + 1], before_last[j - 1] + 1);
        }
    }
    return row.back();
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
    std::optional<std::string_view> best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string_view candidate : candidates) {
        const std::size_t d = distance(word, candidate);
        if (d >= best_distance || d >= word.size()) continue;
        best = candidate;
        best_distance = d;
    }
    return best;
}

Result<std::int64_t> parse_number(std::string_view text, std::int64_t least, std::int64_t most) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool padded = text.starts_with("-0") || (text.starts_with('0') && text != "0");
    const bool whole = failure == std::errc{} && end == text.data() + text.size() && !padded;
    if (!whole || value < least || value > most)
        return Error(Error::Kind::usage, "'{}' is not a number from {} to {}", excerpt(text), least,
                     most);
    return value;
}

namespace {

// "1.5g": the whole part is kept apart, as a double would round it.
struct Amount {
    std::string_view whole;
    double fraction = 0;  // below 1
    std::string_view unit;
};

}  // namespace

static std::string_view take_digits(std::string_view& text) {
    const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string_view digits = text.substr(0, size);
    text.remove_prefix(size);
    return digits;
}

static std::optional<Amount> amount_in(std::string_view text) {
    Amount amount{.whole = take_digits(text), .unit = {}};
    if (amount.whole.empty()) return std::nullopt;
    if (text.starts_with('.')) {
        std::string_view fraction = text;
        text.remove_prefix(1);
        if (take_digits(text).empty()) return std::nullopt;
        fraction.remove_suffix(text.size());
        std::from_chars(fraction.data(), fraction.data() + fraction.size(), amount.fraction,
                        std::chars_format::fixed);
    }
    amount.unit = text;
    return amount;
}

// The power of 1024 that a unit stands for: "", "b", "k", "kb", "kib", "m", ...
static std::optional<int> power_of(std::string_view unit) {
    const std::string name = lower(unit);
    if (name.empty() || name == "b") return 0;
    constexpr std::string_view kLetters = "kmgtp";
    const std::size_t at = kLetters.find(name.front());
    const std::string_view rest = std::string_view(name).substr(1);
    if (at == kLetters.npos || (!rest.empty() && rest != "b" && rest != "ib")) return std::nullopt;
    return static_cast<int>(at) + 1;
}

Result<std::uint64_t> parse_size(std::string_view text) {
    const std::optional<Amount> amount = amount_in(text);
    const std::optional<int> power = amount ? power_of(amount->unit) : std::nullopt;
    if (!power)
        return Error(Error::Kind::usage, "'{}' is not a size such as 512, 64k, 1.5g",
                     excerpt(text));
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const int shift = 10 * *power;
    std::uint64_t whole = 0;
    const std::from_chars_result read =
        std::from_chars(amount->whole.data(), amount->whole.data() + amount->whole.size(), whole);
    if (read.ec != std::errc{} || whole > kMost >> shift)
        return Error(Error::Kind::usage, "'{}' is more than {} bytes", excerpt(text), kMost);
    const auto part = static_cast<std::uint64_t>(std::ldexp(amount->fraction, shift));
    return std::min((whole << shift) + part, kMost);  // a fraction of enough nines is 1
}

std::string size_text(std::uint64_t bytes) {
    if (bytes < 1000) return fmt::format("{} B", bytes);
    double value = static_cast<double>(bytes);
    std::string_view units = "kMGTPE";
    value /= 1000;
    while (value >= 999.5 && units.size() > 1) {
        value /= 1000;
        units.remove_prefix(1);
    }
    return fmt::format("{:.3g} {}B", value, units.front());
}

}  // namespace sbx
