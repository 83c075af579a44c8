#include "quadlet/volume.h"

#include "quadlet/keys.h"
#include "quadlet/words.h"

namespace sbx::quadlet {

static constexpr std::string_view kSection = "Volume";

static constexpr Key kKeys[] = {
    {"Driver", Takes::value, "--driver"},
    {"GlobalArgs"},
    {"Label", Takes::words, "--label"},
    {"Options", Takes::value, "--opt"},
    {"PodmanArgs"},
    {"ServiceName"},
    {"VolumeName"},
};

Result<Service> volume_service(const Unit& unit, const Units& units, const Caller& caller) {
    TRY(check_keys(unit.file, kSection, kKeys));
    Service service = TRY(Service::begin(unit, units, caller));
    std::vector<std::string> command = TRY(words_of_all(unit.file, kSection, "GlobalArgs"));
    const std::vector<std::string> options = TRY(options_for(unit.file, kSection, kKeys));
    const std::vector<std::string> more = TRY(words_of_all(unit.file, kSection, "PodmanArgs"));
    command.insert(command.end(), {"volume", "create", "--ignore"});
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), more.begin(), more.end());
    command.push_back(unit.object());
    TRY(service.set_type("oneshot"));
    service.add_default("Service", "RemainAfterExit", "yes");
    service.add_command("ExecStart", command);
    return service;
}

}  // namespace sbx::quadlet
