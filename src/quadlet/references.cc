#include "quadlet/references.h"

#include "base/text.h"

namespace sbx::quadlet {

std::string beside(const Unit& unit, std::string_view path) {
    if (path.starts_with('/') || path.starts_with('%')) return std::string(path);
    while (path.starts_with("./"))
        path.remove_prefix(2);
    const std::string& own = unit.file.path();
    return fmt::format("{}{}", own.substr(0, own.rfind('/') + 1), path);
}

namespace {

// What the word names: the object of a unit, which is needed from now on, or the word itself.
Result<std::string> named(Kind kind, std::string_view word, const Entry& entry, const Units& units,
                          Service& service) {
    const Unit* other = TRY(units.find(kind, word, entry));
    if (!other) return std::string(word);
    service.need(*other);
    return other->object();
}

// A path, or what a .volume makes.
Result<std::string> source(const Unit& unit, std::string_view word, const Entry& entry,
                           const Units& units, Service& service) {
    if (word.starts_with('.')) return beside(unit, word);
    return named(Kind::volume, word, entry, units, service);
}

Result<std::string> volume(const Unit& unit, const Entry& entry, const Units& units,
                           Service& service) {
    const auto sides = halves(entry.value, ':');
    if (!sides) return entry.value;
    return fmt::format("{}:{}", TRY(source(unit, sides->before, entry, units, service)),
                       sides->after);
}

Result<std::string> mount(const Unit& unit, const Entry& entry, const Units& units,
                          Service& service) {
    std::vector<std::string> fields;
    for (const std::string_view field : split(entry.value, ',')) {
        const auto sides = halves(field, '=');
        const bool is_source = sides && (sides->before == "source" || sides->before == "src");
        if (!is_source) {
            fields.emplace_back(field);
            continue;
        }
        fields.push_back(fmt::format("{}={}", sides->before,
                                     TRY(source(unit, sides->after, entry, units, service))));
    }
    return join(fields, ",");
}

Result<std::string> network(const Entry& entry, const Units& units, Service& service) {
    const std::size_t end = entry.value.find(':');
    const std::string word = entry.value.substr(0, end);
    const std::string behind = end == entry.value.npos ? "" : entry.value.substr(end);
    if (kind_of(word) == Kind::container)
        return "container:" + TRY(named(Kind::container, word, entry, units, service)) + behind;
    return TRY(named(Kind::network, word, entry, units, service)) + behind;
}

}  // namespace

Result<std::vector<std::string>> volume_words(const Unit& unit, const Units& units,
                                              Service& service) {
    std::vector<std::string> words;
    for (const Entry& entry : unit.file.all(section_of(unit.kind), "Volume")) {
        words.emplace_back("--volume");
        words.push_back(TRY(volume(unit, entry, units, service)));
    }
    return words;
}

Result<std::vector<std::string>> mount_words(const Unit& unit, const Units& units,
                                             Service& service) {
    std::vector<std::string> words;
    for (const Entry& entry : unit.file.all(section_of(unit.kind), "Mount")) {
        words.emplace_back("--mount");
        words.push_back(TRY(mount(unit, entry, units, service)));
    }
    return words;
}

Result<std::vector<std::string>> network_words(const Unit& unit, const Units& units,
                                               Service& service) {
    std::vector<std::string> words;
    for (const Entry& entry : unit.file.all(section_of(unit.kind), "Network")) {
        words.emplace_back("--network");
        words.push_back(TRY(network(entry, units, service)));
    }
    return words;
}

}  // namespace sbx::quadlet
