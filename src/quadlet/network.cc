#include "quadlet/network.h"

#include "quadlet/keys.h"
#include "quadlet/words.h"

namespace sbx::quadlet {

static constexpr std::string_view kSection = "Network";

static constexpr Key kKeys[] = {
    {"DNS", Takes::values, "--dns"},
    {"DisableDNS", Takes::yes, "--disable-dns"},
    {"Driver", Takes::value, "--driver"},
    {"Gateway", Takes::values, "--gateway"},
    {"GlobalArgs"},
    {"IPRange", Takes::values, "--ip-range"},
    {"IPv6", Takes::yes, "--ipv6"},
    {"Internal", Takes::yes, "--internal"},
    {"Label", Takes::words, "--label"},
    {"NetworkDeleteOnStop"},
    {"NetworkName"},
    {"Options", Takes::values, "--opt"},
    {"PodmanArgs"},
    {"ServiceName"},
    {"Subnet", Takes::values, "--subnet"},
};

Result<Service> network_service(const Unit& unit, const Units& units, const Caller& caller) {
    TRY(check_keys(unit.file, kSection, kKeys));
    Service service = TRY(Service::begin(unit, units, caller));
    std::vector<std::string> command = TRY(words_of_all(unit.file, kSection, "GlobalArgs"));
    const std::vector<std::string> options = TRY(options_for(unit.file, kSection, kKeys));
    const std::vector<std::string> more = TRY(words_of_all(unit.file, kSection, "PodmanArgs"));
    command.insert(command.end(), {"network", "create", "--ignore"});
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), more.begin(), more.end());
    command.push_back(unit.object());
    TRY(service.set_type("oneshot"));
    service.add_default("Service", "RemainAfterExit", "yes");
    service.add_command("ExecStart", command);
    if (const auto entry = unit.last("NetworkDeleteOnStop"); entry && TRY(truth_of(*entry)))
        service.add_command("ExecStopPost", {"network", "rm", unit.object()}, "-");
    return service;
}

}  // namespace sbx::quadlet
