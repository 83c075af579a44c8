#include "sandbox/cgroup.h"

#include <algorithm>
#include <chrono>
#include <span>

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/poll.h"
#include "sandbox/cgroup_file.h"
#include "sandbox/cgroup_host.h"
#include "sandbox/systemd.h"

namespace sbx::sandbox {

static Result<os::Fd> open_folder(const std::string& path) {
    const std::string whole = cgroup_mount() + path;
    os::Fd folder(::open(whole.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder) return folder;
    Error error = Error::from_errno(errno, "open the cgroup '{}'", path);
    if (error.is(std::errc::no_such_file_or_directory))
        return std::move(error).as(Error::Kind::not_found);
    return error;
}

// Folders below a cgroup are cgroups; all else in it is files.
static std::vector<std::string> cgroups_in(os::FdView folder) {
    std::vector<std::string> names;
    for (std::string& name : os::names_in(folder).value_or(std::vector<std::string>())) {
        const Result<struct stat> status = os::status_at(folder, name);
        if (status && S_ISDIR(status->st_mode)) names.push_back(std::move(name));
    }
    return names;
}

static Result<os::Fd> open_below(os::FdView folder, const std::string& name) {
    return os::open_directory(folder, name);
}

static std::vector<pid_t> pids_in(os::FdView folder) {
    std::vector<pid_t> pids;
    const std::string text = read_cgroup_file(folder, "cgroup.procs").value_or("");
    for (const std::string_view line : split(trim(text), '\n'))
        if (const Result<std::int64_t> pid = parse_number(line, 1, INT32_MAX))
            pids.push_back(static_cast<pid_t>(*pid));
    return pids;
}

// --- making --------------------------------------------------------------------------------------

static bool has_processes(os::FdView folder) {  // also below it
    return counters_in(read_cgroup_file(folder, "cgroup.events").value_or(""))["populated"] != 0;
}

static void remove_below(os::FdView folder) {
    for (const std::string& name : cgroups_in(folder)) {
        if (const Result<os::Fd> below = open_below(folder, name)) remove_below(*below);
        ::unlinkat(folder.get(), name.c_str(), AT_REMOVEDIR);
    }
}

// All members go into a cgroup below.
static Result<> move_members_aside(os::FdView folder) {
    const os::Fd aside = TRY(os::make_directory(folder, kCallersName, 0755));
    constexpr int kRounds = 100;  // new members come from those that are still there
    for (int round = 0; round < kRounds; ++round) {
        const std::vector<pid_t> pids = pids_in(folder);
        if (pids.empty()) return {};
        for (const pid_t pid : pids) {
            Result<> moved = write_cgroup_file(aside, "cgroup.procs", fmt::format("{}", pid));
            if (!moved && !moved.failed_with(std::errc::no_such_process)) return moved;
        }
    }
    return Error(Error::Kind::busy, "its members multiply");
}

// "+NAME" for each that the folder has and does not hand on yet.
static Result<std::vector<std::string>> controllers_to_hand_on(os::FdView folder) {
    const std::string there = TRY(read_cgroup_file(folder, "cgroup.controllers"));
    const std::string enabled = TRY(read_cgroup_file(folder, "cgroup.subtree_control"));
    const std::vector<std::string_view> had = split(trim(enabled), ' ');
    std::vector<std::string> words;
    for (const std::string_view name : split(trim(there), ' '))
        if (!name.empty() && std::ranges::find(had, name) == had.end())
            words.push_back(fmt::format("+{}", name));
    return words;
}

// What is to become of the folder's own members, where they are in the way.
enum class Members : std::uint8_t { go_aside, stay };

// One that hands on controllers may not have members: the root alone may, which has no type. Some
// controllers would be handed on nevertheless, and what is below could then only have threads:
// "threads" in cgroup-v2.rst. One that is not handed on will be missed by name where a limit needs
// it.
static Result<> hand_on_controllers(os::FdView folder, Members members) {
    const std::vector<std::string> words = TRY(controllers_to_hand_on(folder));
    if (words.empty()) return {};
    if (os::exists_at(folder, "cgroup.type") && !pids_in(folder).empty()) {
        if (members == Members::stay) return {};
        TRY(move_members_aside(folder), "moving other processes aside");
    }
    for (const std::string& word : words) {
        const Result<> handed_on = write_cgroup_file(folder, "cgroup.subtree_control", word);
        if (!handed_on) log::debug("{}", handed_on.error().text());
    }
    return {};
}

// One that is there already is another container's, or a service's, as long as it has processes.
// Else it is what a crash has left, with its limits.
static Result<os::Fd> make_new(os::FdView above, const std::string& name) {
    int made = ::mkdirat(above.get(), name.c_str(), 0755);
    if (made != 0 && errno == EEXIST) {
        const os::Fd old = TRY(open_below(above, name));
        if (has_processes(old)) return Error(Error::Kind::exists, "it has processes already");
        remove_below(old);
        made = ::unlinkat(above.get(), name.c_str(), AT_REMOVEDIR);
        if (made == 0) made = ::mkdirat(above.get(), name.c_str(), 0755);
    }
    if (made != 0) return Error::from_errno(errno, "make '{}'", name);
    return open_below(above, name);
}

Result<Cgroup> Cgroup::make_folders(const CgroupPlan& plan) {
    std::vector<std::string> names;
    const std::string_view beyond = std::string_view(plan.path).substr(plan.base.size());
    for (const std::string_view name : split(beyond, '/'))
        if (!name.empty()) names.emplace_back(name);
    if (names.empty())
        return Error(Error::Kind::exists, "the cgroup '{}' has processes already", plan.path);
    os::Fd here = TRY(open_folder(plan.base));
    TRY(hand_on_controllers(here, Members::go_aside), "cgroup '{}'", plan.path);
    for (const std::string& name : std::span(names).first(names.size() - 1)) {
        here = TRY(os::make_directory(here, name, 0755), "cgroup '{}'", plan.path);
        TRY(hand_on_controllers(here, Members::stay), "cgroup '{}'", plan.path);
    }
    here = TRY(make_new(here, names.back()), "cgroup '{}'", plan.path);
    return Cgroup({.path = plan.path}, std::move(here));
}

Result<Cgroup> Cgroup::make_in_scope(const Scope& scope) {
    Systemd systemd = TRY(Systemd::open(scope.bus));
    TRY(systemd.start_scope({.unit = scope.unit,
                             .slice = scope.slice,
                             .description = "container of sbx",
                             .properties = scope.properties},
                            static_cast<std::uint32_t>(::getpid())));
    const std::string text = TRY(os::read_proc("/proc/self/cgroup"));
    std::string path = cgroup_in(text);
    if (!path.ends_with("/" + scope.unit))
        return Error(Error::Kind::failed, "systemd made scope '{}', and this process is in '{}'",
                     scope.unit, excerpt(path));
    CgroupPlace place{.path = path, .unit = scope.unit, .bus = scope.bus};
    os::Fd top = TRY(open_folder(path));
    if (scope.below.empty()) return Cgroup(std::move(place), std::move(top));
    // Also where there is no controller to hand on, so that nothing beside the container is between
    // it and its limits.
    TRY(move_members_aside(top), "moving sbx aside");
    TRY(hand_on_controllers(top, Members::go_aside), "cgroup '{}'", path);
    os::Fd folder = TRY(os::make_directory(top, scope.below, 0755), "cgroup '{}'", path);
    place.path = fmt::format("{}/{}", path, scope.below);
    return Cgroup(std::move(place), std::move(folder));
}

Result<Cgroup> Cgroup::make(const CgroupPlan& plan) {
    Cgroup cgroup = plan.scope ? TRY(make_in_scope(*plan.scope)) : TRY(make_folders(plan));
    const struct stat status = TRY(os::status_of(cgroup.folder_));
    cgroup.place_.inode = status.st_ino;
    Result<> limited = cgroup.write(plan.writes);
    if (limited && plan.devices) limited = cgroup.filter_devices(*plan.devices);
    if (limited) return cgroup;
    (void)std::move(cgroup).remove();  // the first failure is the one to report
    return std::move(limited).error();
}

Result<Cgroup> Cgroup::open(const CgroupPlace& place) {
    if (place.path.empty())
        return Error(Error::Kind::not_found, "the container has no cgroup of its own")
            .hint("it has one where it is run with a limit, or with --cgroups enabled");
    os::Fd folder = TRY(open_folder(place.path));
    const struct stat status = TRY(os::status_of(folder));
    if (place.inode != 0 && status.st_ino != place.inode)
        return Error(Error::Kind::not_found, "the cgroup '{}' is another one now", place.path);
    return Cgroup(place, std::move(folder));
}

// --- using ---------------------------------------------------------------------------------------

Result<std::vector<std::string>> Cgroup::controllers() const {
    const std::string text = TRY(read("cgroup.controllers"));
    std::vector<std::string> names;
    for (const std::string_view name : split(trim(text), ' '))
        if (!name.empty()) names.emplace_back(name);
    return names;
}

// The kernel would have it obeyed by killing: memory.max in cgroup-v2.rst.
static Result<> check_is_enough(os::FdView folder, const CgroupWrite& write) {
    if (write.used_file.empty()) return {};
    const std::string text = TRY(read_cgroup_file(folder, write.used_file));
    const std::int64_t used = TRY(parse_number(trim(text), 0, INT64_MAX), "{}", write.used_file);
    if (used <= TRY(parse_number(write.value, 0, INT64_MAX))) return {};
    return Error(Error::Kind::busy, "{} of '{}' are below the {} in use", write.value, write.file,
                 used);
}

static Result<> put(os::FdView folder, const CgroupWrite& write) {
    const auto is_missing = [](const Result<>& written) {
        return written.failed_with(std::errc::no_such_file_or_directory);
    };
    Result<> written = write_cgroup_file(folder, write.file, write.value);
    if (is_missing(written) && !write.other_file.empty())
        written = write_cgroup_file(folder, write.other_file, write.other_value);
    if (is_missing(written) && write.optional) return {};
    return written;
}

// What a cgroup has against those beside it.
static bool is_share(const CgroupWrite& write) {
    return write.file == "cpu.weight" || write.file == "cpu.idle" || write.file == "io.bfq.weight";
}

// Beside the container's in its scope there is nobody; it is the scope that others are beside.
Result<> Cgroup::write_share(const CgroupWrite& share) const {
    if (place_.unit.empty() || place_.path.ends_with("/" + place_.unit)) return {};
    const os::Fd scope = TRY(open_folder(place_.path.substr(0, place_.path.rfind('/'))));
    return put(scope, share);
}

Result<> Cgroup::write(const std::vector<CgroupWrite>& writes) const {
    for (const CgroupWrite& one : writes) {
        TRY(check_is_enough(folder_, one), "limiting the cgroup '{}'", place_.path);
        TRY(put(folder_, one), "limiting the cgroup '{}'", place_.path);
        if (is_share(one)) TRY(write_share(one), "limiting the scope '{}'", place_.unit);
    }
    return {};
}

Result<> Cgroup::filter_devices(const std::vector<os::DeviceRule>& rules) const {
    TRY(os::attach_device_filter(folder_, os::device_filter(rules)), "cgroup '{}'", place_.path);
    return {};
}

Result<std::string> Cgroup::read(const std::string& file) const {
    return read_cgroup_file(folder_, file);
}

Result<bool> Cgroup::is_frozen() const {
    const std::string text = TRY(read("cgroup.events"));
    return counters_in(text)["frozen"] == 1;
}

// The kernel tells of a change after what was read last, so the file stays open and is read again.
// It freezes a process at its next way through it; one that waits for a disk takes longer.
Result<> Cgroup::freeze() const {
    constexpr std::chrono::seconds kPatience(10);
    const os::Fd events(::openat(folder_.get(), "cgroup.events", O_RDONLY | O_CLOEXEC));
    if (!events) return Error::from_errno(errno, "open 'cgroup.events' of a cgroup");
    TRY(write_cgroup_file(folder_, "cgroup.freeze", "1"));
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < deadline) {
        if (counters_in(TRY(read_again(events)))["frozen"] == 1) return {};
        pollfd change{.fd = events.get(), .events = POLLPRI, .revents = 0};
        ::poll(&change, 1, 1000);
    }
    (void)write_cgroup_file(folder_, "cgroup.freeze", "0");
    return Error(Error::Kind::busy, "the container's processes do not stand still");
}

Result<> Cgroup::thaw() const { return write_cgroup_file(folder_, "cgroup.freeze", "0"); }

static void collect_pids(os::FdView folder, std::vector<pid_t>& pids) {
    const std::vector<pid_t> here = pids_in(folder);
    pids.insert(pids.end(), here.begin(), here.end());
    for (const std::string& name : cgroups_in(folder))
        if (const Result<os::Fd> below = open_below(folder, name)) collect_pids(*below, pids);
}

Result<std::vector<pid_t>> Cgroup::pids() const {
    TRY(read("cgroup.procs"));  // that it is there at all
    std::vector<pid_t> pids;
    collect_pids(folder_, pids);
    return pids;
}

// systemd removes a scope that is empty, and all below it.
template <class T>
static bool is_gone(const Result<T>& result) {
    return result.failed_with(std::errc::no_such_file_or_directory) ||
           result.failed_with(std::errc::no_such_device);
}

// Those that are born meanwhile are children of some that are still to be killed.
Result<> Cgroup::kill_others() const {
    constexpr int kRounds = 100;
    for (int round = 0; round < kRounds; ++round) {
        std::vector<pid_t> others = TRY(pids());
        std::erase(others, ::getpid());
        if (others.empty()) return {};
        for (const pid_t pid : others)
            ::kill(pid, SIGKILL);
        os::sleep_for(std::chrono::milliseconds(1));
    }
    return Error(Error::Kind::busy, "the container's processes multiply, or do not end");
}

// cgroup.kill is there since Linux 5.14; some who build kernels leave it out. This process itself
// is there in a scope of systemd's with nothing below.
Result<> Cgroup::kill() const {
    Result<std::vector<pid_t>> members = pids();
    if (is_gone(members)) return {};
    const std::vector<pid_t> there = TRY(std::move(members));
    if (std::ranges::find(there, ::getpid()) != there.end()) return kill_others();
    Result<> killed = write_cgroup_file(folder_, "cgroup.kill", "1");
    if (!is_gone(killed)) return killed;
    if (is_gone(pids())) return {};
    TRY(write_cgroup_file(folder_, "cgroup.freeze", "1"));  // so that none is born meanwhile
    for (const pid_t pid : TRY(pids()))
        ::kill(pid, SIGKILL);
    return thaw();
}

Result<CgroupStats> Cgroup::stats() const { return read_cgroup_stats(folder_); }

bool Cgroup::had_oom_kill() const {
    return counters_in(read("memory.events").value_or(""))["oom_kill"] > 0;
}

// --- removing ------------------------------------------------------------------------------------

Result<> Cgroup::remove() && {
    constexpr int kPatienceMs = 5000;
    const std::size_t slash = place_.path.rfind('/');
    const std::string name = place_.path.substr(slash + 1);
    Result<os::Fd> above = open_folder(place_.path.substr(0, slash));
    if (above.failed_as(Error::Kind::not_found)) return {};
    const os::Fd parent = TRY(std::move(above));
    for (int waited = 0, step = 1;; waited += step, step = std::min(step * 2, 64)) {
        remove_below(folder_);
        if (::unlinkat(parent.get(), name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT ||
            errno == ENODEV)
            return {};
        if (errno != EBUSY || waited >= kPatienceMs)
            return Error::from_errno(errno, "remove the cgroup '{}'", place_.path);
        os::sleep_for(std::chrono::milliseconds(step));
    }
}

// --- a place -------------------------------------------------------------------------------------

Json CgroupPlace::to_json() const {
    Json json = Json::object().set("path", path).set("unit", unit).set("inode", inode);
    if (bus) json.set("bus", bus->path).set("peer", bus->kind == os::BusPlace::Kind::peer);
    return json;
}

Result<CgroupPlace> CgroupPlace::from_json(const Json& json) {
    CgroupPlace place{.path = TRY(json.get_or<std::string>("path", ""))};
    place.unit = TRY(json.get_or<std::string>("unit", ""));
    place.inode = TRY(json.get_or<std::uint64_t>("inode", 0));
    if (const auto bus = TRY(json.get_optional<std::string>("bus"))) {
        const bool peer = TRY(json.get_or<bool>("peer", false));
        place.bus = os::BusPlace{.path = *bus,
                                 .kind = peer ? os::BusPlace::Kind::peer : os::BusPlace::Kind::bus};
    }
    return place;
}

}  // namespace sbx::sandbox
