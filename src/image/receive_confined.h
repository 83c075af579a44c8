// An archive of anybody's, unpacked into a folder by a process that can reach nothing else.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "os/ids.h"

namespace sbx::image {

// Owners are those of the archive, which may be compressed, as `ids` maps them. What is there
// already stays, but for files of the same name. Returns what could not be made as it is, a
// sentence each.
Result<std::vector<std::string>> receive_confined(const os::IdMap& ids, os::FdView folder,
                                                  os::FdView archive);

}  // namespace sbx::image
