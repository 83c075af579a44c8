#include "container/files.h"

#include <algorithm>

#include <signal.h>
#include <unistd.h>

#include "base/text.h"
#include "container/blueprint.h"
#include "container/pause.h"
#include "image/transfer.h"
#include "sandbox/compile.h"

namespace sbx::container {

// What its files have nothing to do with, and this machine may not have now. `lasting`: a mark of a
// mount that need not survive a crash would keep the next one from being made.
static void leave_out_the_rest(sandbox::Request& request) {
    request.cgroup = {};
    request.spec.resources = {};
    request.spec.devices.clear();
    request.spec.sysctl.clear();
    if (request.image) request.image->lasting = true;
}

// Of a container that does not run the kernel's file systems say nothing, and what sbx itself puts
// into a root is made for the moment of its start. A folder of the host may be gone since.
static void keep_mounts(const std::vector<std::string>& targets, sandbox::Plan& plan) {
    const auto was_asked_for = [&](const os::InnerPath& to) {
        return std::ranges::find(targets, to.text()) != targets.end();
    };
    std::erase_if(plan.mounts, [&](const sandbox::Mount& mount) {
        if (const auto* bind = std::get_if<sandbox::Bind>(&mount)) return !was_asked_for(bind->to);
        const auto* overlay = std::get_if<sandbox::Overlay>(&mount);
        return !overlay || !was_asked_for(overlay->to) || ::access(overlay->from.c_str(), F_OK);
    });
    for (sandbox::Mount& mount : plan.mounts)
        if (auto* bind = std::get_if<sandbox::Bind>(&mount)) bind->optional = true;
    plan.devices.clear();
}

Result<sandbox::Plan> files_plan(const store::Containers& containers, const sandbox::Host& host,
                                 const FilesWish& wish) {
    Blueprint blueprint = TRY(read_blueprint(containers, wish.id));
    const std::vector<std::string> targets = wish.sight == sandbox::Sight::with_mounts
                                                 ? blueprint.record.mount_points
                                                 : std::vector<std::string>();
    leave_out_the_rest(blueprint.request);
    sandbox::Plan plan = TRY(sandbox::compile(blueprint.request, host));
    keep_mounts(targets, plan);
    return plan;
}

static Result<FilesVisit> visit_running(const store::Containers& containers,
                                        const store::LiveState& live, const FilesWish& wish,
                                        const sandbox::Errand& errand) {
    if (errand.writes) TRY(check_not_paused(containers, wish.id, live));
    return FilesVisit{.visit = TRY(sandbox::visit({.init = live.pid, .start_time = live.start_time},
                                                  wish.sight, errand))};
}

Result<FilesVisit> visit_files(const store::Store& store, const sandbox::Host& host,
                               const FilesWish& wish, const sandbox::Errand& errand) {
    const store::Containers containers = TRY(store::Containers::open(store));
    if (const auto live = containers.live(wish.id)) {
        Result<FilesVisit> visit = visit_running(containers, *live, wish, errand);
        if (!visit.failed_as(Error::Kind::not_found)) return visit;
    }
    TRY(containers.read(wish.id));  // before the lock, which would make a folder for it
    os::Lock lock = TRY(containers.lock(wish.id));
    if (const auto live = containers.live(wish.id))
        return visit_running(containers, *live, wish, errand);
    const sandbox::Plan plan = TRY(files_plan(containers, host, wish));
    return FilesVisit{.visit = TRY(sandbox::visit(plan, errand)), .lock = std::move(lock)};
}

Result<std::vector<std::string>> export_files(const store::Store& store, const sandbox::Host& host,
                                              const std::string& id, os::FdView out) {
    ::signal(SIGPIPE, SIG_IGN);  // that nobody reads it is told as any failure is
    const sandbox::Errand errand{
        .work = [&](const os::Root& root) { return image::send_root(root, out); }, .kept = {out}};
    FilesVisit begun =
        TRY(visit_files(store, host, {.id = id, .sight = sandbox::Sight::root_alone}, errand));
    return image::notes_in(TRY(std::move(begun.visit).finish()));
}

}  // namespace sbx::container
