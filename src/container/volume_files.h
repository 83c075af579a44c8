// The files of a volume, whether containers have it or not.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "os/ids.h"
#include "store/store.h"

namespace sbx::container {

// Both return what could not be taken or made as it is, a sentence each. Owners in the archive are
// those that containers see with the ids of the store. Kind::not_found for a volume that is not
// there.

Result<std::vector<std::string>> export_volume(const store::Store& store, const os::IdMap& ids,
                                               const std::string& name, os::FdView out);

// Of an archive that may be compressed, into what the volume has already.
Result<std::vector<std::string>> import_volume(const store::Store& store, const os::IdMap& ids,
                                               const std::string& name, os::FdView archive);

}  // namespace sbx::container
