#include "quadlet/keys.h"

#include <algorithm>

#include "base/text.h"
#include "quadlet/words.h"

namespace sbx::quadlet {

Result<> check_keys(const UnitFile& unit, std::string_view section, std::span<const Key> keys) {
    const auto there = std::ranges::find(unit.sections(), section, &Section::name);
    if (there == unit.sections().end()) return {};
    for (const Entry& entry : there->entries) {
        if (std::ranges::find(keys, entry.key, &Key::name) != keys.end()) continue;
        Error error(Error::Kind::usage, "{}: unsupported key '{}' in section '{}'", entry.place,
                    excerpt(entry.key), section);
        std::vector<std::string_view> names;
        for (const Key& key : keys)
            names.push_back(key.name);
        const auto meant = nearest(entry.key, names);
        if (!meant) return error;
        return std::move(error).hint(fmt::format("did you mean {}?", *meant));
    }
    return {};
}

namespace {

class Options {
public:
    Options(const UnitFile& unit, std::string_view section) : unit_(unit), section_(section) {}

    Result<> add(const Key& key) {
        switch (key.takes) {
            case Takes::value:
                if (const auto entry = unit_.last(section_, key.name)) add(key, entry->value);
                return {};
            case Takes::values:
                for (const Entry& entry : unit_.all(section_, key.name))
                    add(key, entry.value);
                return {};
            case Takes::words: return add_words(key);
            case Takes::yes:
            case Takes::toggle: return add_truth(key);
            case Takes::own: return {};
        }
        std::unreachable();
    }

    std::vector<std::string> words;

private:
    void add(const Key& key, std::string_view value) {
        words.emplace_back(key.option);
        words.push_back(fmt::format("{}{}", key.prefix, value));
    }

    Result<> add_words(const Key& key) {
        for (const Entry& entry : unit_.all(section_, key.name)) {
            const std::vector<std::string> parts = TRY(words_of(entry));
            for (const std::string& word : parts)
                add(key, word);
        }
        return {};
    }

    Result<> add_truth(const Key& key) {
        const auto entry = unit_.last(section_, key.name);
        if (!entry) return {};
        const bool is_true = TRY(truth_of(*entry));
        if (key.takes == Takes::toggle)
            words.push_back(fmt::format("{}={}", key.option, is_true));
        else if (is_true)
            words.emplace_back(key.option);
        return {};
    }

    const UnitFile& unit_;
    std::string_view section_;
};

}  // namespace

Result<std::vector<std::string>> options_for(const UnitFile& unit, std::string_view section,
                                             std::span<const Key> keys) {
    Options options(unit, section);
    for (const Key& key : keys)
        TRY(options.add(key));
    return std::move(options.words);
}

}  // namespace sbx::quadlet
