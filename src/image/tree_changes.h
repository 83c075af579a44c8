// What the upper folder of an overlay says beside the layers below it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/root.h"

namespace sbx::image {

struct TreeChange {
    enum class Kind : char { added = 'A', changed = 'C', deleted = 'D' };

    Kind kind = Kind::added;
    std::string path = {};   // "/etc/motd"
    std::uint64_t size = 0;  // of a file that is there
};

struct TreeComparison {
    const std::optional<os::Root>& lower;  // as the layers show it together; nothing: all is new
    const os::Root& upper;                 // as it lies on disk
    // Of the files at these paths nothing is said, nor of what is below them, nor of a folder that
    // differs by them alone: what was mounted there is no part of the tree.
    std::vector<std::string> left_out;
};

// By path, a folder before what is in it; a folder in which something changed counts as changed.
// Whiteouts (character devices 0:0) and opaque folders (user.overlay.opaque) are understood, and
// whatever a name says is not. Raises the process's limit of open files.
Result<std::vector<TreeChange>> compare(const TreeComparison& trees);

}  // namespace sbx::image
