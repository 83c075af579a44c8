// Values that may name other units: Volume=data.volume:/data, Network=app.network.
#pragma once

#include <string>
#include <vector>

#include "quadlet/service.h"

namespace sbx::quadlet {

// `--volume` and its value for each. The service needs those that are units, and the value has the
// name of what they make. A path that begins with "." is one beside the unit file.
Result<std::vector<std::string>> volume_words(const Unit& unit, const Units& units,
                                              Service& service);
Result<std::vector<std::string>> mount_words(const Unit& unit, const Units& units,
                                             Service& service);
Result<std::vector<std::string>> network_words(const Unit& unit, const Units& units,
                                               Service& service);

// A path that is relative is one from the folder of the unit file.
std::string beside(const Unit& unit, std::string_view path);

}  // namespace sbx::quadlet
