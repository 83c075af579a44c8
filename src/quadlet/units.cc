#include "quadlet/units.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::quadlet {

namespace {

struct Known {
    Kind kind;
    std::string_view ending;
    std::string_view section;
    std::string_view behind;    // the stem, in the name of the service
    std::string_view name_key;  // of what it makes
};
constexpr Known kKnown[] = {
    {Kind::container, ".container", "Container", "", "ContainerName"},
    {Kind::volume, ".volume", "Volume", "-volume", "VolumeName"},
    {Kind::network, ".network", "Network", "-network", "NetworkName"},
    {Kind::pod, ".pod", "Pod", "-pod", "PodName"},
};

const Known& known(Kind kind) { return *std::ranges::find(kKnown, kind, &Known::kind); }

}  // namespace

std::optional<Kind> kind_of(std::string_view name) {
    for (const Known& one : kKnown)
        if (name.ends_with(one.ending) && name.size() > one.ending.size()) return one.kind;
    return std::nullopt;
}

std::string_view section_of(Kind kind) { return known(kind).section; }

std::vector<std::string> drop_in_folders(std::string_view name) {
    const std::size_t end = name.rfind('.');
    const std::string_view ending = name.substr(end);
    std::string_view stem = name.substr(0, end);
    std::vector<std::string> folders = {fmt::format("{}.d", name)};
    const auto add = [&](std::string_view part) {
        folders.push_back(fmt::format("{}{}.d", part, ending));
    };
    if (const std::size_t at = stem.find('@'); at != stem.npos) {
        if (at + 1 < stem.size()) add(stem.substr(0, at + 1));
        stem = stem.substr(0, at);
    }
    if (stem.ends_with('-')) stem.remove_suffix(1);
    for (std::size_t dash = stem.rfind('-'); dash != stem.npos && dash > 0;
         dash = stem.rfind('-', dash - 1))
        add(stem.substr(0, dash + 1));
    folders.push_back(fmt::format("{}.d", ending.substr(1)));
    return folders;
}

std::string Unit::stem() const { return name.substr(0, name.rfind('.')); }

std::optional<Entry> Unit::last(std::string_view key) const {
    return file.last(section_of(kind), key);
}

std::string Unit::service() const {
    if (const auto given = last("ServiceName")) return given->value + ".service";
    const std::string stem = this->stem();
    const std::size_t at = stem.find('@');
    const std::string_view behind = known(kind).behind;
    if (at == stem.npos) return fmt::format("{}{}.service", stem, behind);
    return fmt::format("{}{}{}.service", stem.substr(0, at), behind, stem.substr(at));
}

// A template's has the name of the instance, which systemd puts in.
std::string Unit::object() const {
    if (const auto given = last(known(kind).name_key)) return given->value;
    const std::string stem = this->stem();
    const std::size_t at = stem.find('@');
    if (at == stem.npos) return "systemd-" + stem;
    return fmt::format("systemd-{}_{}", stem.substr(0, at),
                       at + 1 == stem.size() ? "%i" : stem.substr(at + 1));
}

Result<const Unit*> Units::find(Kind kind, std::string_view word, const Entry& entry) const {
    if (kind_of(word) != kind || word.contains('/')) return nullptr;
    const auto found = std::ranges::find(units_, word, &Unit::name);
    if (found == units_.end())
        return wrong(entry, fmt::format("there is no unit '{}'", excerpt(word)));
    return &*found;
}

std::string Units::service_of(std::string_view name) const {
    const auto found = std::ranges::find(units_, name, &Unit::name);
    return found == units_.end() ? std::string(name) : found->service();
}

}  // namespace sbx::quadlet
