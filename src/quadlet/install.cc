#include "quadlet/install.h"

#include <algorithm>

#include "quadlet/words.h"

namespace sbx::quadlet {

namespace {

bool is_unit_name(std::string_view name) {
    return !name.empty() && !name.contains('/') && !name.starts_with('.') && name.contains('.');
}

Error no_name(const Entry& entry) { return wrong(entry, "names of units belong there"); }

// "web@.service" is installed as the instance that it says; without, not at all.
std::string instance_of(const Unit& unit) {
    std::string name = unit.service();
    const std::size_t at = name.find("@.");
    if (at == name.npos) return name;
    const auto instance = unit.file.last("Install", "DefaultInstance");
    return instance ? name.insert(at + 1, instance->value) : std::string();
}

Result<> add_aliases(const Unit& unit, std::vector<Link>& links) {
    for (const Entry& entry : unit.file.all("Install", "Alias"))
        for (std::string& name : TRY(words_of(entry))) {
            if (!is_unit_name(name)) return no_name(entry);
            if (name != unit.service())
                links.push_back({.path = std::move(name), .text = unit.service()});
        }
    return {};
}

Result<> add_dependents(const Unit& unit, std::string_view key, std::string_view folder,
                        std::vector<Link>& links) {
    const std::string own = instance_of(unit);
    for (const Entry& entry : unit.file.all("Install", key))
        for (const std::string& name : TRY(words_of(entry))) {
            if (!is_unit_name(name)) return no_name(entry);
            if (own.empty()) continue;
            links.push_back({.path = fmt::format("{}.{}/{}", name, folder, own),
                             .text = "../" + unit.service()});
        }
    return {};
}

}  // namespace

Result<std::vector<Link>> links_for(const Unit& unit) {
    std::vector<Link> links;
    if (const auto instance = unit.file.last("Install", "DefaultInstance"))
        if (instance->value.contains('/')) return wrong(*instance, "it is no name of an instance");
    TRY(add_aliases(unit, links));
    TRY(add_dependents(unit, "WantedBy", "wants", links));
    TRY(add_dependents(unit, "RequiredBy", "requires", links));
    TRY(add_dependents(unit, "UpheldBy", "upholds", links));
    return links;
}

}  // namespace sbx::quadlet
