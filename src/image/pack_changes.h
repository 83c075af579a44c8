// What changed of a tree, as the tar archive of a layer: image-spec, layer.md.
#pragma once

#include <string>
#include <vector>

#include "archive/tar_writer.h"
#include "image/tree_changes.h"
#include "os/root.h"

namespace sbx::image {

// `changes` are those that compare() has found, in its order; what was added or changed is read
// from `upper`, and passed over where it has gone since. All of a deleted folder, and each thing
// that an opaque one hides, is one whiteout. Returns what could not be taken as it is, a sentence
// each: names that begin with ".wh." mean something else in a layer. Kind::unsupported where a name
// is too long for its whiteout.
Result<std::vector<std::string>> pack_changes(const os::Root& upper,
                                              const std::vector<TreeChange>& changes,
                                              archive::TarWriter& tar);

}  // namespace sbx::image
