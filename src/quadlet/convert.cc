#include "quadlet/convert.h"

#include "base/text.h"
#include "quadlet/container.h"
#include "quadlet/keys.h"
#include "quadlet/network.h"
#include "quadlet/pod.h"
#include "quadlet/volume.h"

namespace sbx::quadlet {

static Result<Service> service_for(const Unit& unit, const Units& units, const Caller& caller) {
    switch (unit.kind) {
        case Kind::container: return container_service(unit, units, caller);
        case Kind::volume: return volume_service(unit, units, caller);
        case Kind::network: return network_service(unit, units, caller);
        case Kind::pod: return pod_service(unit, units, caller);
    }
    std::unreachable();
}

// Nothing is added to the dependencies by default, so that both values of it are what is done.
static Result<> check_own_section(const Unit& unit) {
    static constexpr Key kKeys[] = {{"DefaultDependencies"}};
    return check_keys(unit.file, "Quadlet", kKeys);
}

// Its file is to be in the folder of the services.
static Result<> check_service_name(const Unit& unit) {
    const auto given = unit.last("ServiceName");
    if (!given || given->value.find_first_of("/ \t%") == std::string::npos) return {};
    return wrong(*given, "the name of a service belongs there, without its ending");
}

Result<Converted> convert(const Unit& unit, const Units& units, const Caller& caller) {
    TRY(check_own_section(unit));
    TRY(check_service_name(unit));
    std::vector<Link> links = TRY(links_for(unit));
    const Service service = TRY(service_for(unit, units, caller));
    return Converted{.name = unit.service(), .text = service.text(), .links = std::move(links)};
}

}  // namespace sbx::quadlet
