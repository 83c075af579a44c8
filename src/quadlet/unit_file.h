// A unit file as people write it: systemd.syntax(7). Sections of keys, with what each stands at.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx::quadlet {

struct Entry {
    std::string key;
    std::string value;
    std::string place;  // "FILE:LINE", where it begins
};

struct Section {
    std::string name;
    std::vector<Entry> entries = {};
};

// The one with that name, which is made at the end where there is none.
Section& section_in(std::vector<Section>& sections, std::string_view name);

class UnitFile {
public:
    // `path` is for what is said of it. Kind::usage, with the line, for one that is none.
    static Result<UnitFile> parse(const std::string& path, std::string_view text);

    // What a drop-in says comes after what is here.
    void add(UnitFile drop_in);

    const std::string& path() const { return path_; }
    const std::vector<Section>& sections() const { return sections_; }

    // Of a key that counts once, the last one; nothing where that is empty.
    std::optional<Entry> last(std::string_view section, std::string_view key) const;

    // Of one that may be repeated, all; an empty one makes those before it void.
    std::vector<Entry> all(std::string_view section, std::string_view key) const;

private:
    std::string path_;
    std::vector<Section> sections_;
};

// "1", "yes", "true", "on" and their opposites: systemd.syntax(7). Kind::usage with its place.
Result<bool> truth_of(const Entry& entry);

// A failure of what stands there.
Error wrong(const Entry& entry, std::string_view why);

}  // namespace sbx::quadlet
