// A service of systemd under construction, from a unit of sbx: what people wrote for systemd stays,
// what they wrote for sbx becomes commands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quadlet/units.h"

namespace sbx::quadlet {

// How sbx is called from a service.
struct Caller {
    std::string program = "sbx";
    std::vector<std::string> globals = {};      // before the command
    std::vector<std::string> environment = {};  // NAME=VALUE, for sbx
};

class Service {
public:
    // Kind::usage where the unit says in [Service] what is made here.
    static Result<Service> begin(const Unit& unit, const Units& units, const Caller& caller);

    void add(std::string_view section, std::string_view key, std::string_view value);
    void add_default(std::string_view section, std::string_view key, std::string_view value);

    // `key`=sbx GLOBALS WORDS; `prefix` is systemd's, such as "-".
    void add_command(std::string_view key, const std::vector<std::string>& words,
                     std::string_view prefix = {});

    // It starts after that one, and not without it.
    void need(const Unit& other);

    // Type=, where the unit does not say it. Kind::usage where it says one that cannot be.
    Result<> set_type(std::string_view type);

    std::string text() const;

private:
    Service(const Unit& unit, const Caller& caller) : unit_(&unit), caller_(&caller) {}
    Section& section(std::string_view name) { return section_in(sections_, name); }

    const Unit* unit_;
    const Caller* caller_;
    std::vector<Section> sections_ = {};
};

}  // namespace sbx::quadlet
