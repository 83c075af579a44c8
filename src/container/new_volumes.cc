#include "container/new_volumes.h"

#include <algorithm>
#include <string>

#include "os/file.h"

namespace sbx::container {

static constexpr const char* kLock = "filling";

// In one order for all, so that no two wait for each other.
static std::vector<std::string> volumes_of(const sandbox::Plan& plan) {
    std::vector<std::string> paths;
    for (const sandbox::Mount& mount : plan.mounts)
        if (const auto* bind = std::get_if<sandbox::Bind>(&mount); bind && bind->copy_up)
            paths.push_back(bind->from);
    std::ranges::sort(paths);
    const auto again = std::ranges::unique(paths);
    paths.erase(again.begin(), again.end());
    return paths;
}

// One that this user may not look into has been a container's.
static bool is_empty(const std::string& path) {
    const Result<os::Fd> folder = os::open_directory(os::FdView::cwd(), path);
    if (!folder) return false;
    const auto names = os::names_in(*folder);
    return names && names->empty();
}

static Result<os::Lock> hold(const std::string& path, std::chrono::milliseconds patience) {
    const std::string record = path.substr(0, path.rfind('/'));
    const os::Fd folder = TRY(os::open_directory(os::FdView::cwd(), record));
    const os::Share share = is_empty(path) ? os::Share::exclusive : os::Share::shared;
    return os::Lock::take(folder, kLock, share, patience);
}

Result<std::vector<os::Lock>> hold_new_volumes(const sandbox::Plan& plan,
                                               std::chrono::milliseconds patience) {
    std::vector<os::Lock> held;
    for (const std::string& path : volumes_of(plan))
        held.push_back(TRY(hold(path, patience), "volume '{}'", path));
    return held;
}

}  // namespace sbx::container
