#include "container/left_processes.h"

#include "base/log.h"
#include "os/file.h"
#include "os/process.h"
#include "os/processes.h"

namespace sbx::container {

static constexpr const char* kNote = "mounts";

Result<> note_mounts(const store::Containers& containers, const std::string& id,
                     const std::string& sharer, os::FdView mounts) {
    const std::optional<store::LiveState> other = containers.live(sharer);
    if (!other) return {};  // it has just ended, and this life with it
    const Json note = Json::object()
                          .set("mounts", std::uint64_t{TRY(os::status_of(mounts)).st_ino})
                          .set("sharer", sharer)
                          .set("started", rfc3339(other->started));
    const os::Fd folder = TRY(containers.runtime_folder(id));
    return os::write_atomic(folder, kNote, note.dump(),
                            {.durability = os::Durability::until_reboot});
}

void forget_mounts(os::FdView runtime_folder) {
    (void)os::remove_at(runtime_folder, kNote);  // at worst it is looked for what is gone
}

// Numbers of namespaces come back: whether another container has this one by now.
static Result<bool> is_somebody_elses(const store::Containers& containers, std::uint64_t mounts) {
    for (const store::ContainerRecord& record : TRY(containers.all()))
        if (const auto live = containers.live(record.id))
            if (os::mounts_of(live->pid) == mounts) return true;
    return false;
}

static Result<> end_noted(const store::Containers& containers, os::FdView folder) {
    constexpr std::size_t kLargest = 4096;
    const std::string text = TRY(os::read_file(folder, kNote, kLargest));
    const Json note = TRY(Json::parse(text));
    const std::uint64_t mounts = TRY(note.get<std::uint64_t>("mounts"));
    const std::string sharer = TRY(note.get<std::string>("sharer"));
    const std::string started = TRY(note.get<std::string>("started"));
    // With the namespace's own process 1 all of it has gone.
    const std::optional<store::LiveState> other = containers.live(sharer);
    if (!other || rfc3339(other->started) != started) return {};
    if (TRY(is_somebody_elses(containers, mounts))) return {};
    os::kill_with_mounts_in(other->pid, mounts);
    return {};
}

void end_left_processes(const store::Containers& containers, const std::string& id) {
    const Result<os::Fd> folder = containers.find_runtime_folder(id);
    if (!folder || !os::exists_at(*folder, kNote)) return;
    if (const Result<> ended = end_noted(containers, *folder); !ended)
        log::debug("{}", ended.error().text());
    forget_mounts(*folder);
}

}  // namespace sbx::container
