#include "container/volume_files.h"

#include <signal.h>

#include "image/receive_confined.h"
#include "image/transfer.h"
#include "os/file.h"
#include "sandbox/visit.h"
#include "store/volumes.h"

namespace sbx::container {

static Result<store::Volume> find(const store::Store& store, const std::string& name) {
    const store::Volumes volumes = TRY(store::Volumes::open(store));
    return volumes.find(name);
}

Result<std::vector<std::string>> export_volume(const store::Store& store, const os::IdMap& ids,
                                               const std::string& name, os::FdView out) {
    ::signal(SIGPIPE, SIG_IGN);  // that nobody reads it is told as any failure is
    const store::Volume volume = TRY(find(store, name));
    const sandbox::Errand errand{.work =
                                     [&](const os::Root& root) {
                                         return image::send(root, {.path = "/.", .devices = true},
                                                            out);
                                     },
                                 .kept = {out}};
    sandbox::Visit visit = TRY(sandbox::visit(ids, volume.path, errand));
    return image::notes_in(TRY(std::move(visit).finish()));
}

Result<std::vector<std::string>> import_volume(const store::Store& store, const os::IdMap& ids,
                                               const std::string& name, os::FdView archive) {
    const store::Volume volume = TRY(find(store, name));
    const os::Fd folder = TRY(os::open_directory(os::FdView::cwd(), volume.path));
    return image::receive_confined(ids, folder, archive);
}

}  // namespace sbx::container
