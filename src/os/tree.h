// Whole directory trees: removed, copied, measured. None of these follows a symbolic link, and none
// recurses: a tree may be as deep as a file system allows.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

// Removes directory/name and all below it; absent is fine. Directories that forbid it to their
// owner are opened up first. EACCES or EPERM where the files are of ids that this process may not
// touch: such a tree is removed as root of a user namespace that maps them.
Result<> remove_tree(FdView directory, const std::string& name);

// What a copy makes of the marks that overlay file systems keep in a layer.
enum class OverlayMarks : std::uint8_t {
    copy,   // as the files and attributes that they are
    apply,  // a whiteout (character device 0:0) removes what an earlier copy left there, an opaque
            // directory (user.overlay.opaque=y) empties it first
};

// Copies what is below `from` into `to`: owners, modes, times, extended attributes, hard links and
// holes as they are, file content shared with the original where the file system can (FICLONE).
// What `to` already has under the same names is replaced, directories are joined.
Result<> copy_tree(FdView from, FdView to, OverlayMarks marks);

// The bytes that directory/name and all below it take on disk; a file of several names once. What
// is deeper than kDeepestMeasured is not counted. EACCES as of remove_tree().
constexpr std::size_t kDeepestMeasured = 256;
Result<std::uint64_t> measure_tree(FdView directory, const std::string& name);

}  // namespace sbx::os
