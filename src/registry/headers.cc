#include "registry/headers.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::registry {

void Headers::add_line(std::string_view line) {
    const std::optional<Halves> field = halves(line, ':');
    if (!field || field->before.empty() || field->before.find_first_of(" \t") != line.npos) return;
    fields_.emplace_back(lower(field->before), trim(field->after));
}

std::string_view Headers::find(std::string_view name) const {
    for (const auto& [field, value] : fields_)
        if (field == name) return value;
    return {};
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [field, value] : fields_)
        if (field == name) values.push_back(value);
    return values;
}

static std::optional<std::uint64_t> offset_in(std::string_view text) {
    const Result<std::int64_t> number = parse_number(text, 0, INT64_MAX);
    if (!number || text.starts_with('-')) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

static Error bad_range(std::string_view value) {
    return Error(Error::Kind::failed, "'{}' is not a range of bytes", excerpt(value));
}

Result<ContentRange> parse_content_range(std::string_view value) {
    constexpr std::string_view kUnit = "bytes ";
    if (!value.starts_with(kUnit)) return bad_range(value);
    const std::optional<Halves> parts = halves(value.substr(kUnit.size()), '/');
    const std::optional<Halves> ends = parts ? halves(parts->before, '-') : std::nullopt;
    const std::optional<std::uint64_t> first = ends ? offset_in(ends->before) : std::nullopt;
    const std::optional<std::uint64_t> last = ends ? offset_in(ends->after) : std::nullopt;
    if (!first || !last || *last < *first) return bad_range(value);
    ContentRange range{.first = *first, .last = *last};
    if (parts->after == "*") return range;
    range.size = offset_in(parts->after);
    if (!range.size || *range.size <= *last) return bad_range(value);
    return range;
}

namespace {

// Reads a Link field from left to right: links are separated by commas, their parameters by
// semicolons, and either may stand inside <...> or "...".
class LinkReader {
public:
    explicit LinkReader(std::string_view text) : rest_(text) {}

    bool at_end() {
        rest_ = trim(rest_);
        return rest_.empty();
    }
    bool skip(char c) {
        if (at_end() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    std::optional<std::string_view> up_to(char c) {
        const std::size_t end = rest_.find(c);
        if (end == rest_.npos) return std::nullopt;
        const std::string_view taken = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return taken;
    }
    std::optional<std::string_view> value() {
        if (skip('"')) return up_to('"');
        return word();
    }
    std::string_view word() {
        const std::size_t end = std::min(rest_.find_first_of("=;, \t"), rest_.size());
        const std::string_view taken = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return taken;
    }

private:
    std::string_view rest_;
};

}  // namespace

static Error bad_link(std::string_view value) {
    return Error(Error::Kind::failed, "'{}' is not a list of links", excerpt(value));
}

Result<std::optional<std::string>> next_link(std::string_view value) {
    LinkReader reader(value);
    while (!reader.at_end()) {
        if (reader.skip(',')) continue;
        const std::optional<std::string_view> target =
            reader.skip('<') ? reader.up_to('>') : std::nullopt;
        if (!target) return bad_link(value);
        bool next = false;
        while (reader.skip(';')) {
            reader.at_end();
            const std::string name = lower(reader.word());
            if (!reader.skip('=')) continue;
            reader.at_end();
            const std::optional<std::string_view> parameter = reader.value();
            if (!parameter) return bad_link(value);
            next = next || (name == "rel" && lower(*parameter) == "next");
        }
        if (next) return std::optional<std::string>(*target);
        if (!reader.at_end() && !reader.skip(',')) return bad_link(value);
    }
    return std::optional<std::string>{};
}

std::string media_type(std::string_view content_type) {
    return lower(trim(content_type.substr(0, content_type.find(';'))));
}

}  // namespace sbx::registry
