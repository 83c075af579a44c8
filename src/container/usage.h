// What images, containers and volumes take on the disk, and how much of it nothing needs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "container/status.h"
#include "container/volumes.h"
#include "store/images.h"

namespace sbx::container {

struct ImageUsage {
    store::Image image;
    std::vector<std::string> layers = {};  // diff ids, each once
    std::uint64_t bytes = 0;               // of all of them, unpacked
    std::uint64_t shared = 0;              // of those that other images have, too
    std::size_t containers = 0;            // that were made of it, or have it mounted
};

struct ContainerUsage {
    Listed container;
    std::uint64_t bytes = 0;  // its own changes, and what is known of it
};

struct VolumeUsage {
    ListedVolume volume;
    std::uint64_t bytes = 0;
};

struct Usage {
    std::vector<ImageUsage> images = {};
    std::map<std::string, std::uint64_t> layers = {};  // the images', by diff id
    std::vector<ContainerUsage> containers = {};
    std::vector<VolumeUsage> volumes = {};

    std::uint64_t layer_bytes() const;  // one that several images have counts once

    // Of the layers that would be needed no more, were the images to go for which it holds.
    using Goes = std::function<bool(const ImageUsage&)>;
    std::uint64_t bytes_without(const Goes& goes) const;
};

// A container or a volume that cannot be measured counts as nothing.
Result<Usage> find_usage(const store::Store& store, const os::IdMap& ids);

// What a container's files take on the disk.
struct FileSizes {
    std::uint64_t own = 0;    // those it has made or changed
    std::uint64_t whole = 0;  // these, and its image's
};

Result<FileSizes> file_sizes(const store::Store& store, const store::ContainerRecord& record,
                             const os::IdMap& ids);

bool needs_image(const store::ContainerRecord& container, const store::Image& image);

}  // namespace sbx::container
