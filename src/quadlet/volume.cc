#include "quadlet/volume.h"

#include "quadlet/creation.h"

namespace sbx::quadlet {

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
    return creating_service(unit, units, caller, kKeys);
}

}  // namespace sbx::quadlet
