#include "runtime/resctrl.h"

#include <algorithm>
#include <map>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "sandbox/cgroup_host.h"

namespace sbx::runtime {

static constexpr const char* kRoot = "/";
static constexpr const char* kMonitors = "mon_groups";
static constexpr std::size_t kLargest = std::size_t{64} << 10;

// --- where it is ---------------------------------------------------------------------------------

// "36 35 0:32 / /sys/fs/resctrl rw shared:9 - resctrl resctrl rw": proc_pid_mountinfo(5). Blanks in
// a path are "\040".
std::string resctrl_mount(std::string_view mountinfo) {
    constexpr std::size_t kTarget = 4;
    for (const std::string_view line : split(mountinfo, '\n')) {
        const std::size_t dash = line.find(" - ");
        if (dash == line.npos || !line.substr(dash).starts_with(" - resctrl ")) continue;
        const std::vector<std::string_view> fields = split(line.substr(0, dash), ' ');
        if (fields.size() > kTarget && !fields[kTarget].contains('\\'))
            return std::string(fields[kTarget]);
    }
    return {};
}

static Error not_to_be_had(std::string_view why) {
    return {Error::Kind::unsupported, "groups of resctrl (linux.intelRdt) cannot be had: {}", why};
}

Result<os::Fd> open_resctrl() {
    const std::string mount = resctrl_mount(TRY(os::read_proc("/proc/self/mountinfo")));
    if (mount.empty())
        return not_to_be_had("no resctrl file system is mounted")
            .hint("where the processor has it: mount -t resctrl resctrl /sys/fs/resctrl");
    if (!sandbox::find_cgroups({}).root)
        return not_to_be_had("only root of the machine makes them");
    os::Fd folder(::open(mount.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return Error::from_errno(errno, "open '{}'", mount);
    return folder;
}

// --- files and folders ---------------------------------------------------------------------------

// What the kernel has to say about the last command, where it has.
static std::string last_status(os::FdView resctrl) {
    const Result<os::Fd> info = os::open_directory(resctrl, "info");
    if (!info) return {};
    const std::string text = os::read_file(*info, "last_cmd_status", kLargest).value_or("");
    const std::string_view words = trim(text);
    return words.empty() || words == "ok" ? "" : "the kernel: " + excerpt(words);
}

static Result<os::Fd> open_group(os::FdView resctrl, const std::string& group) {
    Result<os::Fd> folder = os::open_directory(resctrl, group == kRoot ? "." : group);
    if (!folder.failed_with(std::errc::no_such_file_or_directory)) return folder;
    return Error(Error::Kind::not_found, "there is no group '{}' of resctrl", group);
}

static Error refused(os::FdView resctrl, Error error) {
    const std::string why = last_status(resctrl);
    return why.empty() ? std::move(error) : std::move(error).hint(why);
}

// One write, one command.
static Result<> write(os::FdView resctrl, os::FdView folder, const char* name,
                      std::string_view text) {
    const os::Fd file(::openat(folder.get(), name, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC));
    if (!file)
        return refused(resctrl, Error::from_errno(errno, "open '{}' of a group of resctrl", name));
    if (::write(file.get(), text.data(), text.size()) >= 0) return {};
    return refused(resctrl, Error::from_errno(errno, "write '{}' to '{}' of a group of resctrl",
                                              excerpt(trim(text)), name));
}

enum class Made : std::uint8_t { now, before };

static Result<Made> make_folder(os::FdView resctrl, os::FdView above, const std::string& name) {
    if (::mkdirat(above.get(), name.c_str(), 0755) == 0) return Made::now;
    if (errno == EEXIST) return Made::before;
    return refused(resctrl, Error::from_errno(errno, "make the group '{}' of resctrl", name));
}

static Result<> remove_folder(os::FdView above, const std::string& name) {
    if (::unlinkat(above.get(), name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return {};
    return Error::from_errno(errno, "remove the group '{}' of resctrl", name);
}

// --- schemata ------------------------------------------------------------------------------------

// "L3" → cache → value. The kernel writes a line with blanks before its name and without zeros
// before its values.
using Schemata = std::map<std::string, std::map<std::string, std::string>, std::less<>>;

static std::string plain(std::string_view value) {
    const std::string_view digits = trim(value);
    const std::size_t first = digits.find_first_not_of('0');
    return first == digits.npos ? std::string("0") : lower(digits.substr(first));
}

static Schemata schemata_in(std::string_view text) {
    Schemata schemata;
    for (const std::string_view line : split(text, '\n')) {
        const auto sides = halves(line, ':');
        if (!sides) continue;
        auto& caches = schemata[std::string(trim(sides->before))];
        for (const std::string_view entry : split(sides->after, ';'))
            if (const auto parts = halves(entry, '='))
                caches[plain(parts->before)] = plain(parts->after);
    }
    return schemata;
}

static bool holds(const Schemata& there, std::string_view line) {
    for (const auto& [resource, caches] : schemata_in(line)) {
        const auto found = there.find(resource);
        if (found == there.end()) return false;
        for (const auto& [cache, value] : caches)
            if (!found->second.contains(cache) || found->second.at(cache) != value) return false;
    }
    return true;
}

static std::vector<std::string> lines_of(const oci::IntelRdt& asked) {
    std::vector<std::string> lines = {asked.l3_cache_schema, asked.memory_bandwidth_schema};
    lines.insert(lines.end(), asked.schemata.begin(), asked.schemata.end());
    std::erase(lines, "");
    return lines;
}

// Others are in it, too.
static Result<> check_holds(os::FdView group, const oci::IntelRdt& asked) {
    const std::vector<std::string> lines = lines_of(asked);
    if (lines.empty()) return {};
    const std::string text = TRY(os::read_file(group, "schemata", kLargest));
    const Schemata there = schemata_in(text);
    for (const std::string& line : lines)
        if (!holds(there, line))
            return Error(Error::Kind::exists, "the group '{}' of resctrl is there without '{}'",
                         asked.clos_id, excerpt(line));
    return {};
}

static Result<> check_may_change(const std::string& group, const std::vector<std::string>& lines) {
    if (group != kRoot || lines.empty()) return {};
    return Error(Error::Kind::denied, "the group '/' of resctrl is the whole machine's: no '{}'",
                 excerpt(lines.front()))
        .hint("a closID of its own makes a group that may have it");
}

Result<> write_schemata(os::FdView resctrl, const ResctrlPlace& place,
                        const std::vector<std::string>& lines) {
    if (lines.empty()) return {};
    TRY(check_may_change(place.group, lines));
    const os::Fd group = TRY(open_group(resctrl, place.group));
    return write(resctrl, group, "schemata", join(lines, "\n") + "\n");
}

// --- life ----------------------------------------------------------------------------------------

static Error is_there(const std::string& group) {
    return {Error::Kind::exists, "the group '{}' of resctrl is there already", group};
}

Result<ResctrlPlace> place_resctrl_group(os::FdView resctrl, const oci::IntelRdt& asked,
                                         const std::string& id) {
    const bool named = !asked.clos_id.empty();
    ResctrlPlace place{.group = named ? asked.clos_id : id};
    TRY(check_may_change(place.group, lines_of(asked)));
    if (asked.is_monitored()) place.monitor = id;
    Result<os::Fd> found = open_group(resctrl, place.group);
    place.own = found.failed_as(Error::Kind::not_found) && (!named || !lines_of(asked).empty());
    if (place.own) return place;
    const os::Fd group = TRY(std::move(found));
    if (!named) return is_there(place.group);
    TRY(check_holds(group, asked));
    return place;
}

Result<> make_resctrl_group(os::FdView resctrl, ResctrlPlace& place) {
    if (!place.own) return {};
    Result<Made> made = make_folder(resctrl, resctrl, place.group);
    if (made && *made == Made::now) return {};
    place.own = false;
    return made ? is_there(place.group) : std::move(made).error();
}

Result<> fill_resctrl_group(os::FdView resctrl, const oci::IntelRdt& asked, ResctrlPlace& place) {
    if (place.own) TRY(write_schemata(resctrl, place, lines_of(asked)));
    if (!place.monitor.empty()) {
        const os::Fd group = TRY(open_group(resctrl, place.group));
        const os::Fd monitors = TRY(os::open_directory(group, kMonitors), "mon_groups of resctrl");
        // What a crash left is as good as a new one.
        (void)TRY(make_folder(resctrl, monitors, place.monitor));
    }
    if (!asked.clos_id.empty()) place.own = false;
    return {};
}

Result<> join_resctrl_group(os::FdView resctrl, const ResctrlPlace& place, pid_t process) {
    const std::string number = fmt::format("{}", process);
    const os::Fd group = TRY(open_group(resctrl, place.group));
    TRY(write(resctrl, group, "tasks", number));
    if (place.monitor.empty()) return {};
    const os::Fd monitors = TRY(os::open_directory(group, kMonitors), "mon_groups of resctrl");
    const os::Fd monitor =
        TRY(os::open_directory(monitors, place.monitor), "mon_groups of resctrl");
    return write(resctrl, monitor, "tasks", number);
}

Result<> remove_resctrl_group(os::FdView resctrl, const ResctrlPlace& place) {
    if (place.own) return remove_folder(resctrl, place.group);  // with what is below it
    if (place.monitor.empty()) return {};
    Result<os::Fd> found = open_group(resctrl, place.group);
    if (found.failed_as(Error::Kind::not_found)) return {};
    const os::Fd group = TRY(std::move(found));
    Result<os::Fd> opened = os::open_directory(group, kMonitors);
    if (opened.failed_with(std::errc::no_such_file_or_directory)) return {};
    const os::Fd monitors = TRY(std::move(opened), "mon_groups of resctrl");
    return remove_folder(monitors, place.monitor);
}

Result<> remove_resctrl(const ResctrlPlace& place) {
    if (place.group.empty()) return {};
    Result<os::Fd> resctrl = open_resctrl();
    if (resctrl.failed_as(Error::Kind::unsupported)) return {};
    return remove_resctrl_group(TRY(std::move(resctrl)), place);
}

// --- a place -------------------------------------------------------------------------------------

Json ResctrlPlace::to_json() const {
    return Json::object().set("group", group).set("own", own).set("monitor", monitor);
}

Result<ResctrlPlace> ResctrlPlace::from_json(const Json& json) {
    ResctrlPlace place{.group = TRY(json.get_or<std::string>("group", ""))};
    place.own = TRY(json.get_or("own", false));
    place.monitor = TRY(json.get_or<std::string>("monitor", ""));
    return place;
}

}  // namespace sbx::runtime
