#include "runtime/status.h"

#include "base/log.h"
#include "os/accounts.h"
#include "os/file.h"
#include "os/process.h"
#include "os/socket.h"
#include "runtime/processes.h"

namespace sbx::runtime {

// A gate outlives whoever waited at it, where `start` was killed before it could take it away.
static bool somebody_waits(const StateFolder& folder) {
    return os::exists_at(folder.fd(), kGate) && os::connect_at(folder.fd(), kGate);
}

static bool is_paused(const State& state) {
    Result<std::optional<sandbox::Cgroup>> found = cgroup_of(state);
    if (!found) return false;
    const std::optional<sandbox::Cgroup> cgroup = *std::move(found);
    return cgroup && cgroup->is_frozen().value_or(false);
}

Status status_of(const StateFolder& folder, const State& state) {
    if (!state.made) return folder.is_locked() ? Status::creating : Status::stopped;
    if (!os::is_alive(state.pid, state.start_time)) return Status::stopped;
    if (is_paused(state)) return Status::paused;
    return somebody_waits(folder) ? Status::created : Status::running;
}

Result<Listed> look_up(const States& states, const std::string& id) {
    const StateFolder folder = TRY(states.find(id));
    Listed listed{.state = TRY(folder.read()), .status = Status::stopped};
    listed.status = status_of(folder, listed.state);
    return listed;
}

Result<Listing> list(const States& states) {
    Listing listing;
    for (const std::string& id : TRY(states.ids())) {
        Result<Listed> one = look_up(states, id);
        if (one)
            listing.known.push_back(*std::move(one));
        else if (!one.failed_as(Error::Kind::not_found))
            listing.damaged.push_back(one.error().text());
    }
    return listing;
}

std::string owner_name(std::uint32_t uid) {
    const Result<std::string> passwd =
        os::read_file(os::FdView::cwd(), "/etc/passwd", os::kLargestAccountFile);
    const auto entry = passwd ? os::find_user(*passwd, uid) : std::nullopt;
    return entry ? entry->name : fmt::format("#{}", uid);
}

Json list_document(const std::vector<Listed>& all) {
    Json json = Json::array();
    for (const Listed& one : all)
        json.push(state_document(one.state, one.status).set("owner", owner_name(one.state.owner)));
    return json;
}

}  // namespace sbx::runtime
