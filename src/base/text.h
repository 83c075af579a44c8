// Words and numbers in text: taking it apart strictly, and making it safe to show.
#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx {

std::vector<std::string_view> split(std::string_view text, char separator);  // "a,,b" is three
std::string join(std::span<const std::string> words, std::string_view separator);
std::string_view trim(std::string_view text);  // without the white space around it
std::string lower(std::string_view text);      // ASCII letters only

// The two sides of the first `separator`, or nothing where there is none.
struct Halves {
    std::string_view before;
    std::string_view after;
};
std::optional<Halves> halves(std::string_view text, char separator);

// `text` made safe for a terminal: control characters (C0, C1, DEL), bidirectional overrides and
// bytes that are not UTF-8 become escapes such as \x1b and \u202e. Nothing that came from outside
// reaches a terminal by another way.
std::string printable(std::string_view text);

// The same, but line breaks and tabs stay: for text that is laid out with them.
std::string printable_lines(std::string_view text);

// `text` made safe and shortened to `limit` characters, for quoting in errors.
std::string excerpt(std::string_view text, std::size_t limit = 80);

// The candidate that is most likely what `word` was meant to be, if any is near enough.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

// The whole of `text` as a decimal number in [least, most]. No sign but '-', no spaces, no leading
// zeros, no "-0". Errors say what was read and what would be accepted.
Result<std::int64_t> parse_number(std::string_view text, std::int64_t least, std::int64_t most);

// A number of bytes: "512", "64k", "1.5g", "2MiB". Units are powers of 1024, upper or lower case.
Result<std::uint64_t> parse_size(std::string_view text);

std::string size_text(std::uint64_t bytes);  // "1.23 MB": powers of 1000, as docker shows them

}  // namespace sbx
