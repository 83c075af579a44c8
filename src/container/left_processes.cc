#include "container/left_processes.h"

#include "base/log.h"
#include "container/marker.h"
#include "os/file.h"
#include "os/process.h"
#include "os/processes.h"

namespace sbx::container {

static constexpr const char* kNote = "sharer";

Result<> note_sharer(const store::Containers& containers, const std::string& id,
                     const std::string& sharer) {
    const std::optional<store::LiveState> other = containers.live(sharer);
    if (!other) return {};  // it has just ended, and this life with it
    const Json note = Json::object().set("sharer", sharer).set("started", rfc3339(other->started));
    const os::Fd folder = TRY(containers.runtime_folder(id));
    return os::write_atomic(folder, kNote, note.dump(),
                            {.durability = os::Durability::until_reboot});
}

void forget_sharer(os::FdView runtime_folder) {
    (void)os::remove_at(runtime_folder, kNote);  // at worst it is looked for what is gone
}

// Numbers of namespaces come back, so a process is known by what is mounted in this container
// alone: its own file at /etc/hostname or, where it has none, at /run/.containerenv.
static Result<> end_noted(const store::Containers& containers, const std::string& id,
                          os::FdView folder) {
    constexpr std::size_t kLargest = 4096;
    const std::string text = TRY(os::read_file(folder, kNote, kLargest));
    const Json note = TRY(Json::parse(text));
    const std::string sharer = TRY(note.get<std::string>("sharer"));
    const std::string started = TRY(note.get<std::string>("started"));
    // With the namespace's own process 1 all of it has gone.
    const std::optional<store::LiveState> other = containers.live(sharer);
    if (!other || rfc3339(other->started) != started || containers.live(id)) return {};
    const std::string hostname = fmt::format("/{}/hostname", id);
    const std::string marker = fmt::format("/{}/{}", id, kMarkerFile);
    os::kill_with_mount_in(other->pid, [&](std::string_view root) {
        return root.contains(hostname) || root.contains(marker);  // "//deleted" may follow
    });
    return {};
}

void end_left_processes(const store::Containers& containers, const std::string& id) {
    const Result<os::Fd> folder = containers.find_runtime_folder(id);
    if (!folder || !os::exists_at(*folder, kNote)) return;
    if (const Result<> ended = end_noted(containers, id, *folder); !ended)
        log::debug("{}", ended.error().text());
    forget_sharer(*folder);
}

}  // namespace sbx::container
