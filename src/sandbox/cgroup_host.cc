#include "sandbox/cgroup_host.h"

#include <sys/statfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <linux/magic.h>

#include "base/text.h"
#include "os/file.h"

namespace sbx::sandbox {

std::string cgroup_in(std::string_view proc_text) {
    for (const std::string_view line : split(proc_text, '\n'))
        if (line.starts_with("0::/")) return std::string(line.substr(3));
    return {};
}

static bool is_version_2(const std::string& path) {
    struct statfs status{};
    return ::statfs(path.c_str(), &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC;
}

std::string cgroup_mount() {
    const std::string mount(kCgroupMount);
    const std::string hybrid = mount + "/unified";
    return !is_version_2(mount) && is_version_2(hybrid) ? hybrid : mount;
}

static std::vector<std::string> controllers_at(const std::string& path) {
    std::vector<std::string> controllers;
    const std::string text =
        os::read_proc(fmt::format("{}{}/cgroup.controllers", cgroup_mount(), path)).value_or("");
    for (const std::string_view word : split(trim(text), ' '))
        if (!word.empty()) controllers.emplace_back(word);
    return controllers;
}

static bool is_writable(const std::string& path) {
    for (const char* file : {"", "/cgroup.procs", "/cgroup.subtree_control"})
        if (::access(fmt::format("{}{}{}", cgroup_mount(), path, file).c_str(), W_OK) != 0)
            return false;
    return true;
}

// systemd marks what it leaves to others: "Delegation" in its CGROUP_DELEGATION document.
static bool is_marked_as_delegated(const std::string& path) {
    char value = 0;
    const std::string folder = cgroup_mount() + path;
    return ::getxattr(folder.c_str(), "user.delegate", &value, 1) == 1 && value == '1';
}

static bool is_root_of_the_machine() {
    if (::geteuid() != 0) return false;
    const std::string map = os::read_proc("/proc/self/uid_map").value_or("");
    for (const std::string_view word : split(trim(map), ' '))
        if (word == "4294967295") return true;
    return false;
}

static std::string variable(const std::vector<std::string>& environment, std::string_view name) {
    for (const std::string& entry : environment)
        if (entry.starts_with(name) && entry.substr(name.size()).starts_with('='))
            return entry.substr(name.size() + 1);
    return {};
}

static bool is_there(const os::BusPlace& place) {
    return place.path.starts_with('@') || ::access(place.path.c_str(), W_OK) == 0;
}

static std::vector<os::BusPlace> places_of_systemd(const std::vector<std::string>& environment,
                                                   bool root) {
    using Kind = os::BusPlace::Kind;
    if (root)
        return {{.path = "/run/systemd/private", .kind = Kind::peer},
                {.path = "/run/dbus/system_bus_socket"}};
    std::vector<os::BusPlace> places;
    const std::string address = variable(environment, "DBUS_SESSION_BUS_ADDRESS");
    if (Result<os::BusPlace> named = os::parse_bus_address(address))
        places.push_back(*std::move(named));
    const std::string runtime = variable(environment, "XDG_RUNTIME_DIR");
    if (runtime.starts_with('/')) {
        places.push_back({.path = runtime + "/bus"});
        places.push_back({.path = runtime + "/systemd/private", .kind = Kind::peer});
    }
    return places;
}

// A bus alone makes no systemd: a session of X11 has one, too.
static bool has_systemd(const std::vector<std::string>& environment, bool root) {
    if (root) return ::access("/run/systemd/system", F_OK) == 0;
    const std::string runtime = variable(environment, "XDG_RUNTIME_DIR");
    return ::access((runtime + "/systemd").c_str(), F_OK) == 0;
}

// The user's systemd has its cgroup from the machine's, with the controllers it may hand on.
static std::string cgroup_of_systemd(bool root, const std::string& own) {
    if (root) return "";
    const std::uint32_t uid = os::uid_outside().value_or(::geteuid());
    const std::string unit = fmt::format("/user@{}.service", uid);
    const std::size_t at = own.find(unit);
    if (at != own.npos) return own.substr(0, at + unit.size());
    return fmt::format("/user.slice/user-{}.slice{}", uid, unit);
}

static std::string without_callers(const std::string& path) {
    const std::string tail = std::string("/") + kCallersName;
    return path.ends_with(tail) ? path.substr(0, path.size() - tail.size()) : path;
}

static void take_own(const std::string& path, CgroupHost& host) {
    if (!is_version_2(cgroup_mount()) || !is_writable(path)) return;
    host.own_controllers = controllers_at(path);
    host.own = path;
}

CgroupHost find_cgroups(const std::vector<std::string>& environment) {
    CgroupHost host{.version_2 = is_version_2(std::string(kCgroupMount)),
                    .root = is_root_of_the_machine()};
    if (!host.version_2) {
        if (host.root) take_own("", host);
        return host;
    }
    const std::string path = cgroup_in(os::read_proc("/proc/self/cgroup").value_or(""));

    if (has_systemd(environment, host.root))
        for (const os::BusPlace& place : places_of_systemd(environment, host.root))
            if (!host.systemd && is_there(place)) host.systemd = place;
    if (host.systemd) host.systemd_controllers = controllers_at(cgroup_of_systemd(host.root, path));

    std::string own = host.root ? "" : without_callers(path);
    if (own == "/") own.clear();
    const bool known = host.root || !path.empty();
    // What systemd has not given away is its own, though it belongs to this user.
    if (known && (!host.systemd || host.root || is_marked_as_delegated(own))) take_own(own, host);
    return host;
}

}  // namespace sbx::sandbox
