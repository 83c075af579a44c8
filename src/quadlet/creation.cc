#include "quadlet/creation.h"

#include "base/text.h"
#include "quadlet/words.h"

namespace sbx::quadlet {

Result<Service> creating_service(const Unit& unit, const Units& units, const Caller& caller,
                                 std::span<const Key> keys) {
    const std::string_view section = section_of(unit.kind);
    TRY(check_keys(unit.file, section, keys));
    Service service = TRY(Service::begin(unit, units, caller));
    std::vector<std::string> command = TRY(words_of_all(unit.file, section, "GlobalArgs"));
    const std::vector<std::string> options = TRY(options_for(unit.file, section, keys));
    const std::vector<std::string> more = TRY(words_of_all(unit.file, section, "PodmanArgs"));
    command.insert(command.end(), {lower(section), "create", "--ignore"});
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), more.begin(), more.end());
    command.push_back(unit.object());
    TRY(service.set_type("oneshot"));
    service.add_default("Service", "RemainAfterExit", "yes");
    service.add_command("ExecStart", command);
    return service;
}

}  // namespace sbx::quadlet
