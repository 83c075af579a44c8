// The layer that a container's image gets: what it has changed, or all that is there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/tree_changes.h"
#include "os/root.h"
#include "sandbox/request.h"

namespace sbx::container {

struct CommitLayer {
    enum class Content : std::uint8_t { changes, all };

    sandbox::ImageRoot image;
    std::vector<std::string> targets = {};  // of mounts
    Content content = Content::changes;
};

// Writes the layer to `out` as a tar archive, in a visitor that has the store's ids. Returns what
// could not be taken as it is, packed: image/transfer.h.
Result<std::string> write_layer(const CommitLayer& layer, os::FdView out);

// Those of `all`, a folder before what is in it, that sbx has not made itself for mounts at
// `targets`: what the image has, and folders in which there is something else.
std::vector<image::TreeChange> without_mount_points(const std::vector<image::TreeChange>& all,
                                                    const std::vector<std::string>& targets,
                                                    const std::optional<os::Root>& lower);

}  // namespace sbx::container
