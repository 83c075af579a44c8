// From unit files of sbx to services of systemd.
#pragma once

#include <string>
#include <vector>

#include "quadlet/install.h"
#include "quadlet/service.h"
#include "quadlet/units.h"

namespace sbx::quadlet {

struct Converted {
    std::string name;  // "web.service"
    std::string text;
    std::vector<Link> links;
};

// Of one of them. Kind::usage, with file and line, for what it cannot say.
Result<Converted> convert(const Unit& unit, const Units& units, const Caller& caller);

}  // namespace sbx::quadlet
