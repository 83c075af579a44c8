#include "quadlet/unit_file.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sbx::quadlet {

Error wrong(const Entry& entry, std::string_view why) {
    return Error(Error::Kind::usage, "{}: {}={}: {}", entry.place, entry.key, excerpt(entry.value),
                 why);
}

namespace {

struct Line {
    std::string text;
    std::size_t number = 0;
};

bool is_comment(std::string_view line) { return line.starts_with('#') || line.starts_with(';'); }

// One that stands for itself is escaped by another.
bool ends_in_backslash(std::string_view line) {
    const std::size_t last = line.find_last_not_of('\\');  // npos + 1 is 0
    return (line.size() - (last + 1)) % 2 == 1;
}

// A '\' at the end of a line goes on with the next, comments between them left out.
std::vector<Line> logical_lines(std::string_view text) {
    std::vector<Line> lines;
    bool goes_on = false;
    std::size_t number = 0;
    for (std::string_view raw : split(text, '\n')) {
        ++number;
        if (raw.ends_with('\r')) raw.remove_suffix(1);
        if (is_comment(trim(raw))) continue;
        if (!goes_on) lines.push_back({.text = "", .number = number});
        goes_on = ends_in_backslash(raw);
        if (goes_on) raw.remove_suffix(1);
        lines.back().text += raw;
        if (goes_on) lines.back().text += ' ';
    }
    return lines;
}

Error bad(const std::string& path, const Line& line, std::string_view why) {
    return Error(Error::Kind::usage, "{}:{}: '{}': {}", path, line.number, excerpt(trim(line.text)),
                 why);
}

Result<Section> parse_header(const std::string& path, const Line& line) {
    const std::string_view text = trim(line.text);
    if (!text.ends_with(']') || text.size() < 3)
        return bad(path, line, "a section is written [NAME]");
    return Section{.name = std::string(text.substr(1, text.size() - 2))};
}

Result<Entry> parse_entry(const std::string& path, const Line& line) {
    const auto sides = halves(line.text, '=');
    if (!sides) return bad(path, line, "KEY=VALUE belongs there");
    Entry entry{.key = std::string(trim(sides->before)),
                .value = std::string(trim(sides->after)),
                .place = fmt::format("{}:{}", path, line.number)};
    const bool named = !entry.key.empty() && entry.key.find_first_of(" \t[]") == entry.key.npos;
    if (!named) return bad(path, line, "KEY=VALUE belongs there");
    return entry;
}

}  // namespace

Section& section_in(std::vector<Section>& sections, std::string_view name) {
    const auto found = std::ranges::find(sections, name, &Section::name);
    if (found != sections.end()) return *found;
    sections.push_back({.name = std::string(name)});
    return sections.back();
}

Result<UnitFile> UnitFile::parse(const std::string& path, std::string_view text) {
    UnitFile file;
    file.path_ = path;
    Section* current = nullptr;
    for (const Line& line : logical_lines(text)) {
        const std::string_view trimmed = trim(line.text);
        if (trimmed.empty()) continue;
        if (trimmed.find('\0') != trimmed.npos) return bad(path, line, "it has a zero byte");
        if (trimmed.starts_with('[')) {
            const Section header = TRY(parse_header(path, line));
            current = &section_in(file.sections_, header.name);
            continue;
        }
        Entry entry = TRY(parse_entry(path, line));
        if (!current) return bad(path, line, "it stands before any section");
        current->entries.push_back(std::move(entry));
    }
    return file;
}

void UnitFile::add(UnitFile drop_in) {
    for (Section& more : drop_in.sections_) {
        Section& own = section_in(sections_, more.name);
        std::ranges::move(more.entries, std::back_inserter(own.entries));
    }
}

std::vector<Entry> UnitFile::all(std::string_view section, std::string_view key) const {
    std::vector<Entry> found;
    const auto there = std::ranges::find(sections_, section, &Section::name);
    if (there == sections_.end()) return found;
    for (const Entry& entry : there->entries) {
        if (entry.key != key) continue;
        if (entry.value.empty())
            found.clear();
        else
            found.push_back(entry);
    }
    return found;
}

std::optional<Entry> UnitFile::last(std::string_view section, std::string_view key) const {
    std::vector<Entry> every = all(section, key);
    if (every.empty()) return std::nullopt;
    return std::move(every.back());
}

Result<bool> truth_of(const Entry& entry) {
    constexpr std::array<std::string_view, 6> kYes = {"1", "yes", "y", "true", "t", "on"};
    constexpr std::array<std::string_view, 6> kNo = {"0", "no", "n", "false", "f", "off"};
    const std::string word = lower(entry.value);
    if (std::ranges::find(kYes, word) != kYes.end()) return true;
    if (std::ranges::find(kNo, word) != kNo.end()) return false;
    return wrong(entry, "yes or no belongs there");
}

}  // namespace sbx::quadlet
