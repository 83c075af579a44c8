// From what was asked for to a Blueprint: sbx's defaults, the image's, and the person's, in that
// order of precedence.
#pragma once

#include "container/blueprint.h"
#include "container/options.h"
#include "store/images.h"

namespace sbx::container {

// What the caller's surroundings contribute.
struct Surroundings {
    std::vector<std::string> environment = {};  // of sbx itself
    std::string working_directory = {};         // empty where it is gone
    std::string host_resolv = {};               // /etc/resolv.conf
    std::string hostname = {};                  // uname -n
    std::string no_network = {};                // why none can be connected; empty where it can
    std::string no_journal = {};  // why nothing can be kept in the system's; empty where it can
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    int throttled_cpus = 0;  // cpu0, cpu1, ... that tell of their heat
};

// Writes nothing (but a source folder that -v ...:create asks for). `image` is nothing for a
// container of a folder.
Result<Blueprint> compose(const Options& options, const std::optional<store::Image>& image,
                          const Surroundings& surroundings, const store::Store& store);

}  // namespace sbx::container
