#include "quadlet/network.h"

#include "quadlet/creation.h"

namespace sbx::quadlet {

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
    Service service = TRY(creating_service(unit, units, caller, kKeys));
    if (const auto entry = unit.last("NetworkDeleteOnStop"); entry && TRY(truth_of(*entry)))
        service.add_command("ExecStopPost", {"network", "rm", unit.object()}, "-");
    return service;
}

}  // namespace sbx::quadlet
