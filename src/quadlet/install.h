// What systemctl enable would do for a unit that is in a folder: its [Install] section, as links
// that a generator makes itself. systemd.unit(5), systemd.generator(7).
#pragma once

#include <string>
#include <vector>

#include "quadlet/units.h"

namespace sbx::quadlet {

struct Link {
    std::string path;  // in the folder that the service is in: "default.target.wants/web.service"
    std::string text;  // "../web.service"

    bool operator==(const Link&) const = default;
};

// Kind::usage for names that lead out of the folder.
Result<std::vector<Link>> links_for(const Unit& unit);

}  // namespace sbx::quadlet
