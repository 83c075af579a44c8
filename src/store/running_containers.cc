// What is noted of the containers that run, where a reboot leaves nothing.
#include <unistd.h>

#include "os/file.h"
#include "os/process.h"
#include "store/containers.h"

namespace sbx::store {

static constexpr const char* kLive = "state.json";
static constexpr const char* kStop = "stop";
static constexpr const char* kKeeper = "keeper.json";
static constexpr std::size_t kLargestNote = std::size_t{16} << 20;

Result<> Containers::write_live(const std::string& id, const LiveState& state) const {
    const os::Fd folder = TRY(runtime_folder(id));
    return os::write_atomic(folder, kLive, to_json(state).dump(),
                            {.durability = os::Durability::until_reboot});
}

std::optional<LiveState> Containers::noted_live(const std::string& id) const {
    const Result<std::string> text =
        os::read_file(runtime_, fmt::format("{}/{}", id, kLive), kLargestNote);
    if (!text) return std::nullopt;
    const Result<Json> json = Json::parse(*text);
    if (!json) return std::nullopt;
    Result<LiveState> state = live_state_from(*json);
    return state ? std::optional(*std::move(state)) : std::nullopt;
}

// A runtime folder that survived a reboot tells of processes that did not: their start times, which
// are counted from the boot, fit nobody.
std::optional<LiveState> Containers::live(const std::string& id) const {
    std::optional<LiveState> state = noted_live(id);
    if (!state || !os::is_alive(state->pid, state->start_time)) return std::nullopt;
    return state;
}

Result<> Containers::forget_live(const std::string& id) const {
    return os::remove_at(runtime_, fmt::format("{}/{}", id, kLive));
}

Result<> Containers::note_stop(const std::string& id) const {
    const os::Fd folder = TRY(runtime_folder(id));
    return os::write_atomic(folder, kStop, "", {.durability = os::Durability::until_reboot});
}

Result<> Containers::forget_stop(const std::string& id) const {
    return os::remove_at(runtime_, fmt::format("{}/{}", id, kStop));
}

bool Containers::is_to_stop(const std::string& id) const {
    return os::exists_at(runtime_, fmt::format("{}/{}", id, kStop));
}

Result<> Containers::note_keeper(const std::string& id) const {
    const std::uint64_t start_time = TRY(os::start_time_of(::getpid()));
    const ProcessName self{.pid = ::getpid(), .start_time = start_time};
    const os::Fd folder = TRY(runtime_folder(id));
    return os::write_atomic(folder, kKeeper, to_json(self).dump(),
                            {.durability = os::Durability::until_reboot});
}

Result<> Containers::forget_keeper(const std::string& id) const {
    return os::remove_at(runtime_, fmt::format("{}/{}", id, kKeeper));
}

std::optional<ProcessName> Containers::keeper(const std::string& id) const {
    const Result<std::string> text =
        os::read_file(runtime_, fmt::format("{}/{}", id, kKeeper), kLargestNote);
    const Result<Json> json = Json::parse(text.value_or(""));
    if (!json) return std::nullopt;
    const Result<ProcessName> name = process_name_from(*json);
    if (!name || !os::is_alive(name->pid, name->start_time)) return std::nullopt;
    return *name;
}

}  // namespace sbx::store
