// The header fields of an answer, and the ones a registry's client reads numbers and links from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace sbx::registry {

class Headers {
public:
    static constexpr std::size_t kMost = std::size_t{64} * 1024;  // bytes in all

    // One line as it came; what is no "name: value" (the status line, the last) is passed over.
    void add_line(std::string_view line);
    void clear() { fields_.clear(); }

    // The value of the field `name` (lower case); empty where it is absent.
    std::string_view find(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

// "bytes 5-9/10", "bytes 5-9/*": RFC 9110, section 14.4.
struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::optional<std::uint64_t> size = {};
};
Result<ContentRange> parse_content_range(std::string_view value);

// The target of the link with rel="next", if there is one: RFC 8288, section 3.
Result<std::optional<std::string>> next_link(std::string_view value);

// A media type without its parameters, in lower case: "text/html; charset=x" is "text/html".
std::string media_type(std::string_view content_type);

}  // namespace sbx::registry
