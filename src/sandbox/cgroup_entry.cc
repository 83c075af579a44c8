#include "sandbox/cgroup_entry.h"

#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "sandbox/cgroup_host.h"
#include "sandbox/systemd.h"

namespace sbx::sandbox {

std::string common_cgroup(const std::string& one, const std::string& other) {
    std::size_t common = 0;
    for (std::size_t i = 0; i <= one.size() && i <= other.size(); ++i) {
        const bool ends_one = i == one.size() || one[i] == '/';
        const bool ends_other = i == other.size() || other[i] == '/';
        if (ends_one && ends_other) common = i;
        if (i == one.size() || i == other.size() || one[i] != other[i]) break;
    }
    return one.substr(0, common);
}

static bool is_at_or_below(const std::string& path, const std::string& top) {
    return common_cgroup(path, top) == top;
}

static Result<std::string> cgroup_of(const std::string& process) {
    const std::string text = TRY(os::read_proc(fmt::format("/proc/{}/cgroup", process)));
    return cgroup_in(text);
}

static Result<std::string> path_below(const std::string& top, const std::string& below) {
    std::string path = top;
    for (const std::string_view name : split(below, '/')) {
        if (name == "." || name == "..")
            return Error(Error::Kind::usage, "'{}' is no path of a cgroup below the container's",
                         excerpt(below));
        if (!name.empty()) path += fmt::format("/{}", name);
    }
    return path;
}

static Result<std::string> path_of_entry(const CgroupPlace& place, pid_t init,
                                         const std::string& below) {
    if (!below.empty()) return path_below(place.path, below);
    const Result<std::string> path = cgroup_of(fmt::format("{}", init));
    return path && is_at_or_below(*path, place.path) ? *path : place.path;
}

static bool may_move_between(const std::string& one, const std::string& other) {
    const std::string above = common_cgroup(one, other);
    return ::access(fmt::format("{}{}/cgroup.procs", cgroup_mount(), above).c_str(), W_OK) == 0;
}

// Beside the container, where its limits do not count.
static Result<> join_scope(const CgroupPlace& place) {
    const std::size_t end = place.path.rfind('/' + place.unit);
    if (!place.bus || end == place.path.npos)
        return Error(Error::Kind::denied, "process {} may not be moved to the cgroup '{}'",
                     ::getpid(), place.path);
    const std::string top = place.path.substr(0, end + 1 + place.unit.size());
    const std::string aside = top == place.path ? "" : std::string("/") + kCallersName;
    if (!aside.empty()) {
        const os::Fd folder = TRY(os::open_directory(os::FdView::cwd(), cgroup_mount() + top));
        TRY(os::make_directory(folder, kCallersName, 0755));
    }
    Systemd systemd = TRY(Systemd::open(*place.bus));
    return systemd.attach(place.unit, aside, static_cast<std::uint32_t>(::getpid()));
}

Result<os::Fd> open_entry(const CgroupPlace& place, pid_t init, const std::string& below) {
    if (place.path.empty()) {
        if (below.empty()) return os::Fd();
        return Error(Error::Kind::unsupported, "the container has no cgroup of its own");
    }
    (void)TRY(Cgroup::open(place));
    std::string path = TRY(path_of_entry(place, init, below));
    Result<os::Fd> folder = os::open_directory(os::FdView::cwd(), cgroup_mount() + path);
    // Its first process may have moved on, and be about to again: all its limits are at the top.
    if (below.empty() && folder.failed_with(std::errc::no_such_file_or_directory)) {
        path = place.path;
        folder = os::open_directory(os::FdView::cwd(), cgroup_mount() + path);
    }
    os::Fd opened = TRY(std::move(folder), "the cgroup '{}'", path);
    const std::string own = TRY(cgroup_of("self"));
    if (!may_move_between(own, path)) {
        log::debug("moving into scope '{}', to have the right to put a process there", place.unit);
        TRY(join_scope(place), "entering the container's cgroup");
    }
    return opened;
}

}  // namespace sbx::sandbox
