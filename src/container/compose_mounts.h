// What is mounted in a container: /proc, /dev and the like, what the person asks for, and what the
// image declares.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "container/compose.h"
#include "oci/spec.h"
#include "store/volumes.h"

namespace sbx::container {

struct ComposedMounts {
    std::vector<oci::Mount> mounts = {};
    std::vector<oci::Device> devices = {};
    std::vector<store::Volume> volumes = {};  // that have to be there first
    std::vector<std::string> image_ids = {};  // of images that are mounted
    std::vector<std::string> targets = {};    // of what was asked for, for listings
    std::vector<std::string> warnings = {};
};

struct MountContext {
    const Options& options;
    const std::optional<store::Image>& image;
    const Surroundings& surroundings;
    const store::Store& store;
    std::string files_directory;  // where hosts, hostname and resolv.conf will be
    std::string own_directory;    // where its own files will be, for as long as it is there
    const NetworkFiles& files;
    std::string ipc_sharer = {};  // the container whose shared memory it has; empty: its own
};

Result<ComposedMounts> compose_mounts(const MountContext& context);

}  // namespace sbx::container
