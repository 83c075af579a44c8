#include "quadlet/service.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "quadlet/words.h"

namespace sbx::quadlet {

namespace {

// systemd takes no notice of sections with such a name.
std::string kept_name(const Unit& unit, const std::string& section) {
    const bool own = section == section_of(unit.kind) || section == "Quadlet";
    return own ? "X-" + section : section;
}

bool names_units(std::string_view key) {
    constexpr std::array<std::string_view, 11> kKeys = {
        "After",  "Before",  "Requires",  "Requisite", "Wants",    "BindsTo",
        "PartOf", "Upholds", "Conflicts", "OnFailure", "OnSuccess"};
    return std::ranges::find(kKeys, key) != kKeys.end();
}

// Units of sbx that it names are known to systemd as services.
Entry translated(const Entry& entry, const Units& units) {
    Entry changed = entry;
    std::vector<std::string> names;
    for (const std::string_view word : split(entry.value, ' '))
        if (!word.empty()) names.push_back(units.service_of(word));
    changed.value = join(names, " ");
    return changed;
}

Result<> check_service_section(const Unit& unit) {
    for (const char* key : {"ExecStart", "ExecStop", "ExecStopPost", "PIDFile", "BusName"})
        if (const auto entry = unit.file.last("Service", key))
            return wrong(*entry, "sbx itself says that");
    return {};
}

}  // namespace

Result<Service> Service::begin(const Unit& unit, const Units& units, const Caller& caller) {
    TRY(check_service_section(unit));
    Service service(unit, caller);
    (void)service.section("Unit");  // the first one
    for (const Section& from : unit.file.sections())
        for (const Entry& entry : from.entries) {
            const bool names = from.name == "Unit" && names_units(entry.key);
            service.section(kept_name(unit, from.name))
                .entries.push_back(names ? translated(entry, units) : entry);
        }
    if (unit.file.path().starts_with('/')) service.add("Unit", "SourcePath", unit.file.path());
    for (const std::string& variable : caller.environment)
        service.add("Service", "Environment", quoted(variable));
    return service;
}

void Service::add(std::string_view section, std::string_view key, std::string_view value) {
    this->section(section).entries.push_back(
        {.key = std::string(key), .value = std::string(value), .place = ""});
}

void Service::add_default(std::string_view section, std::string_view key, std::string_view value) {
    const std::vector<Entry>& there = this->section(section).entries;
    if (std::ranges::find(there, key, &Entry::key) == there.end()) add(section, key, value);
}

void Service::add_command(std::string_view key, const std::vector<std::string>& words,
                          std::string_view prefix) {
    std::vector<std::string> all = {caller_->program};
    all.insert(all.end(), caller_->globals.begin(), caller_->globals.end());
    all.insert(all.end(), words.begin(), words.end());
    add("Service", key, fmt::format("{}{}", prefix, command_line(all)));
}

void Service::need(const Unit& other) {
    add("Unit", "Requires", other.service());
    add("Unit", "After", other.service());
}

Result<> Service::set_type(std::string_view type) {
    if (const auto given = unit_->file.last("Service", "Type")) {
        const bool fits = given->value == type || given->value == "oneshot";
        if (!fits) return wrong(*given, fmt::format("{} or oneshot belongs there", type));
    }
    add_default("Service", "Type", type);
    return {};
}

std::string Service::text() const {
    std::string text = "# Made by sbx " SBX_VERSION ": sbx-quadlet(1)\n";
    for (const Section& section : sections_) {
        text += fmt::format("\n[{}]\n", section.name);
        for (const Entry& entry : section.entries)
            text += fmt::format("{}={}\n", entry.key, entry.value);
    }
    return text;
}

}  // namespace sbx::quadlet
