#include "container/initialize.h"

#include <algorithm>

#include "container/blueprint.h"
#include "os/file.h"
#include "sandbox/compile.h"
#include "sandbox/visit.h"
#include "store/events.h"

namespace sbx::container {

// In the runtime folder. It names the life that was the last one, as the next one makes it void.
static constexpr const char* kMark = "initialized";

static std::string mark_of(const store::ContainerRecord& record) {
    return record.finished ? rfc3339(*record.finished) : "new";
}

bool is_initialized(const store::Containers& containers, const store::ContainerRecord& record) {
    constexpr std::size_t kLongest = 100;
    const Result<os::Fd> folder = containers.find_runtime_folder(record.id);
    if (!folder) return false;
    return os::read_file(*folder, kMark, kLongest).value_or("") == mark_of(record);
}

static bool was_asked_for(const sandbox::Mount& mount, const std::vector<std::string>& targets) {
    const auto is_target = [&](const os::InnerPath& to) {
        return std::ranges::find(targets, to.text()) != targets.end();
    };
    return std::visit([&](const auto& m) { return is_target(m.to); }, mount);
}

// What needs the container's own namespaces and devices is left to its start, but not unchecked.
static Result<sandbox::Plan> plan_for(Blueprint& blueprint, const sandbox::Host& host) {
    TRY(sandbox::compile(blueprint.request, host));
    sandbox::Request& request = blueprint.request;
    request.cgroup = {};
    request.spec.resources = {};
    // A mark of a mount that need not survive a crash would keep the next one from being made.
    if (request.image) request.image->lasting = true;
    sandbox::Plan plan = TRY(sandbox::compile(request, host));
    std::erase_if(plan.mounts, [&](const sandbox::Mount& mount) {
        return !was_asked_for(mount, blueprint.record.mount_points);
    });
    plan.devices.clear();
    return plan;
}

static Result<> mount_once(const sandbox::Plan& plan) {
    // The program that serves its files would be one more process: its start has it begin.
    if (std::holds_alternative<sandbox::FuseRoot>(plan.root)) return {};
    const sandbox::Errand nothing{
        .work = [](const os::Root&) { return Result<std::string>(std::string()); }};
    sandbox::Visit visit = TRY(sandbox::visit(plan, nothing));
    TRY(std::move(visit).finish());
    return {};
}

Result<> initialize(const store::Store& store, const sandbox::Host& host, const std::string& id) {
    const store::Containers containers = TRY(store::Containers::open(store));
    TRY(containers.read(id));  // before the lock, which would make a folder for it
    const os::Lock lock = TRY(containers.lock(id));
    if (containers.live(id) || containers.keeper(id))
        return Error(Error::Kind::busy, "it runs already");
    Blueprint blueprint = TRY(read_blueprint(containers, id));
    if (is_initialized(containers, blueprint.record))
        return Error(Error::Kind::busy, "it is initialized already");
    const sandbox::Plan plan = TRY(plan_for(blueprint, host));
    TRY(mount_once(plan));
    const os::Fd folder = TRY(containers.runtime_folder(id));
    TRY(os::write_atomic(folder, kMark, mark_of(blueprint.record),
                         {.durability = os::Durability::until_reboot}));
    store::note(store, store::event_of(blueprint.record, "init"));
    return {};
}

}  // namespace sbx::container
