// The files of a container, whether it runs or not.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "sandbox/host.h"
#include "sandbox/visit.h"
#include "store/containers.h"

namespace sbx::container {

struct FilesVisit {
    sandbox::Visit visit;
    std::optional<os::Lock> lock = {};  // of one that does not run: it is not started meanwhile
};

// As the store has it now.
struct FilesWish {
    std::string id;
    sandbox::Sight sight = sandbox::Sight::with_mounts;
};

// How one that does not run is visited: sandbox::visit().
Result<sandbox::Plan> files_plan(const store::Containers& containers, const sandbox::Host& host,
                                 const FilesWish& wish);

// Begins `errand` on the root of the container: with the mounts that it has (of one that does not
// run, those that were asked for), or without any. Kind::busy where it is paused and the errand
// writes.
Result<FilesVisit> visit_files(const store::Store& store, const sandbox::Host& host,
                               const FilesWish& wish, const sandbox::Errand& errand);

// Writes the root of a container, without what is mounted on it, as a tar archive; what could not
// be taken as it is, a line for each.
Result<std::vector<std::string>> export_files(const store::Store& store, const sandbox::Host& host,
                                              const std::string& id, os::FdView out);

}  // namespace sbx::container
