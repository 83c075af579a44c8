// All units that are turned into services together, and how they name each other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quadlet/unit_file.h"

namespace sbx::quadlet {

enum class Kind : std::uint8_t { container, volume, network, pod };

std::optional<Kind> kind_of(std::string_view name);  // by its ending: "web.container"
std::string_view section_of(Kind kind);              // "Container"

struct Unit {
    std::string name;  // "web.container"
    Kind kind = Kind::container;
    UnitFile file = {};

    std::string stem() const;     // "web", "web@" of a template
    std::string service() const;  // "web.service", "data-volume.service"
    std::string object() const;   // what it makes is called so: "systemd-web"
    std::optional<Entry> last(std::string_view key) const;  // of its own section
};

// Of the drop-ins of a unit, the most particular first: "a-b.container.d", "a-.container.d",
// "container.d".
std::vector<std::string> drop_in_folders(std::string_view name);

class Units {
public:
    explicit Units(std::vector<Unit> units) : units_(std::move(units)) {}

    const std::vector<Unit>& all() const { return units_; }

    // Nothing where the word is no name of that kind; Kind::usage where there is no such unit.
    Result<const Unit*> find(Kind kind, std::string_view word, const Entry& entry) const;

    // The service of a unit with that name, or the name itself.
    std::string service_of(std::string_view name) const;

private:
    std::vector<Unit> units_;
};

}  // namespace sbx::quadlet
