// A layer, as a tar archive, made into a folder that serves overlay as a lower one.
//
// Everything in the archive is hostile. The tree is changed through descriptors alone: a folder is
// found by the kernel inside the tree, and the last name of an entry is never followed where it is
// a link. What overlay would read a meaning into (its extended attributes, character device 0:0) is
// only there where the layer's own whiteouts ask for it, in the form for mounts with `userxattr`.
#pragma once

#include <cstdint>

#include "archive/stream.h"
#include "base/error.h"
#include "os/root.h"

namespace sbx::image {

// Whose the files of a layer are: those that the layer says, as far as the user namespace maps
// them, or the user's who unpacks it, where only one is mapped.
enum class Ownership : std::uint8_t { as_recorded, all_mine };

struct LayerLimits {
    std::uint64_t bytes = std::uint64_t{64} << 30;  // of content; also 95 % of what the disk has
    std::uint64_t entries = 5'000'000;

    // Of the archive: headers and padding come on top of content.
    std::uint64_t archive_bytes() const { return bytes + entries * 2048; }
};

struct LayerPolicy {
    Ownership ownership = Ownership::as_recorded;
    LayerLimits limits = {};
};

struct AppliedLayer {
    std::uint64_t bytes = 0;   // of content, without holes
    bool hides_below = false;  // an opaque marker at its root: of the layers below nothing shows
};

// Reads `layer` to its end, behind the archive's, and makes its entries in `tree`, an empty folder.
// The caller is root of a user namespace, and takes the tree away where this fails.
Result<AppliedLayer> apply_layer(archive::Reader& layer, const os::Root& tree,
                                 const LayerPolicy& policy);

}  // namespace sbx::image
