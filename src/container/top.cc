#include "container/top.h"

#include <algorithm>
#include <map>
#include <optional>

#include <sys/sysmacros.h>
#include <time.h>

#include "base/text.h"
#include "base/time.h"
#include "os/accounts.h"
#include "os/caps.h"
#include "os/file.h"
#include "os/ids.h"
#include "os/processes.h"
#include "os/root.h"
#include "sandbox/cgroup.h"

namespace sbx::container {

using Fields = std::map<std::string, std::string>;

namespace {

// What the container and the host call their users, and how the numbers of the one are the other's.
struct Names {
    std::vector<os::IdRange> uids = {};
    std::vector<os::IdRange> gids = {};
    std::string passwd = {};
    std::string group = {};
    std::string host_passwd = {};
    std::string host_group = {};
};

struct Process {
    pid_t pid = 0;
    os::ProcessStat stat = {};
    Fields status = {};
};

struct View {
    Names names;
    std::size_t depth = 0;               // of the container's process namespace, in NSpid
    std::map<pid_t, pid_t> inside = {};  // their numbers there
    double uptime = 0;                   // of the machine, in seconds
    std::uint64_t ticks = 1;             // a second
};

struct Descriptor {
    std::string_view name;
    std::string_view code;  // of ps(1)
    std::string_view heading;
    std::string (*text)(const Process& process, const View& view);
};

}  // namespace

static std::vector<std::uint32_t> numbers_in(const Fields& status, const char* field) {
    std::vector<std::uint32_t> numbers;
    const auto found = status.find(field);
    if (found == status.end()) return numbers;
    std::string text = found->second;
    std::ranges::replace(text, '\t', ' ');
    for (const std::string_view word : split(text, ' '))
        if (const auto number = parse_number(word, 0, UINT32_MAX))
            numbers.push_back(static_cast<std::uint32_t>(*number));
    return numbers;
}

static std::uint32_t number_at(const Fields& status, const char* field, std::size_t index) {
    const std::vector<std::uint32_t> numbers = numbers_in(status, field);
    return index < numbers.size() ? numbers[index] : 0;
}

static std::optional<std::uint32_t> inside_of(const std::vector<os::IdRange>& map,
                                              std::uint32_t outside) {
    for (const os::IdRange& range : map)
        if (outside >= range.outside && outside - range.outside < range.count)
            return range.inside + (outside - range.outside);
    return std::nullopt;
}

static std::string user_name(const std::string& passwd, std::uint32_t uid) {
    const auto user = os::find_user(passwd, uid);
    return user ? user->name : fmt::format("{}", uid);
}

static std::string group_name(const std::string& group, std::uint32_t gid) {
    for (const std::string_view line : split(group, '\n')) {
        const auto fields = split(line, ':');
        const auto number =
            fields.size() > 2 ? os::parse_id(fields[2]) : Result<std::uint32_t>(UINT32_MAX);
        if (number && *number == gid && !fields[0].empty()) return std::string(fields[0]);
    }
    return fmt::format("{}", gid);
}

static std::string user_inside(const Names& names, std::uint32_t outside) {
    const auto uid = inside_of(names.uids, outside);
    return uid ? user_name(names.passwd, *uid) : "?";
}

static std::string group_inside(const Names& names, std::uint32_t outside) {
    const auto gid = inside_of(names.gids, outside);
    return gid ? group_name(names.group, *gid) : "?";
}

static std::string groups_of(const Process& process, const View& view, bool inside) {
    std::vector<std::string> groups;
    for (const std::uint32_t gid : numbers_in(process.status, "Groups"))
        groups.push_back(inside ? group_inside(view.names, gid)
                                : group_name(view.names.host_group, gid));
    return join(groups, ",");
}

static std::string capabilities(const Process& process, const char* field) {
    constexpr int kHex = 16;
    const auto found = process.status.find(field);
    if (found == process.status.end()) return "?";
    os::CapabilitySet set = 0;
    for (const char c : found->second) {
        const int digit = c >= 'a' ? c - 'a' + 10 : c - '0';
        set = set * kHex + static_cast<os::CapabilitySet>(digit);
    }
    if (set == 0) return "none";
    if (set == os::all_capabilities()) return "full";
    std::vector<std::string> names = os::capability_names(set);
    for (std::string& name : names)
        name = name.substr(name.find('_') + 1);
    return join(names, ",");
}

// The kernel keeps a name beside the command line, which a process may empty.
static std::string command_line(const Process& process, const View&) {
    std::string text = os::read_proc(fmt::format("/proc/{}/cmdline", process.pid)).value_or("");
    while (!text.empty() && text.back() == '\0')
        text.pop_back();
    std::ranges::replace(text, '\0', ' ');
    return text.empty() ? fmt::format("[{}]", process.stat.name) : text;
}

static std::string terminal(const Process& process, const View&) {
    constexpr unsigned kFirstPts = 136;
    constexpr unsigned kLastPts = 143;
    constexpr unsigned kPerMajor = 256;
    const unsigned type = ::gnu_dev_major(process.stat.terminal);
    const unsigned number = ::gnu_dev_minor(process.stat.terminal);
    if (type >= kFirstPts && type <= kLastPts)
        return fmt::format("pts/{}", (type - kFirstPts) * kPerMajor + number);
    return type == 0 ? "?" : fmt::format("{}:{}", type, number);
}

static double seconds_since_start(const Process& process, const View& view) {
    const double start =
        static_cast<double>(process.stat.start_time) / static_cast<double>(view.ticks);
    return std::max(view.uptime - start, 0.0);
}

static std::uint64_t cpu_ticks(const Process& process) {
    return process.stat.user_time + process.stat.system_time;
}

static std::string cpu_share(const Process& process, const View& view) {
    const double lived = seconds_since_start(process, view);
    const double used = static_cast<double>(cpu_ticks(process)) / static_cast<double>(view.ticks);
    return fmt::format("{:.3f}", lived > 0 ? 100 * used / lived : 0.0);
}

static std::string start_clock(const Process& process, const View& view) {
    const auto ago =
        std::chrono::seconds(static_cast<std::int64_t>(seconds_since_start(process, view)));
    return rfc3339(std::chrono::floor<std::chrono::seconds>(now() - ago)).substr(0, 19) + "Z";
}

static std::string inside_number(pid_t pid, const View& view) {
    const auto found = view.inside.find(pid);
    return fmt::format("{}", found == view.inside.end() ? 0 : found->second);
}

static std::string filter_mode(const Process& process, const View&) {
    constexpr std::string_view kModes[] = {"disabled", "strict", "filter"};
    const std::uint32_t mode = number_at(process.status, "Seccomp", 0);
    return std::string(mode < std::size(kModes) ? kModes[mode] : "?");
}

static std::string label(const Process& process, const View&) {
    const auto text = os::read_proc(fmt::format("/proc/{}/attr/current", process.pid));
    return text && !trim(*text).empty() ? std::string(trim(*text)) : "?";
}

// clang-format off
static constexpr std::size_t kReal = 0;
static constexpr std::size_t kEffective = 1;
static constexpr Descriptor kDescriptors[] = {
    {"args", "%a", "COMMAND", command_line},
    {"capamb", "", "AMBIENT CAPS", [](const Process& p, const View&) { return capabilities(p, "CapAmb"); }},
    {"capbnd", "", "BOUNDING CAPS", [](const Process& p, const View&) { return capabilities(p, "CapBnd"); }},
    {"capeff", "", "EFFECTIVE CAPS", [](const Process& p, const View&) { return capabilities(p, "CapEff"); }},
    {"capinh", "", "INHERITED CAPS", [](const Process& p, const View&) { return capabilities(p, "CapInh"); }},
    {"capprm", "", "PERMITTED CAPS", [](const Process& p, const View&) { return capabilities(p, "CapPrm"); }},
    {"comm", "%c", "COMMAND", [](const Process& p, const View&) { return p.stat.name; }},
    {"etime", "%t", "ELAPSED", [](const Process& p, const View& v) { return seconds_text(static_cast<std::uint64_t>(seconds_since_start(p, v))); }},
    {"group", "%G", "GROUP", [](const Process& p, const View& v) { return group_inside(v.names, number_at(p.status, "Gid", kEffective)); }},
    {"groups", "", "GROUPS", [](const Process& p, const View& v) { return groups_of(p, v, true); }},
    {"hgroup", "", "HGROUP", [](const Process& p, const View& v) { return group_name(v.names.host_group, number_at(p.status, "Gid", kEffective)); }},
    {"hgroups", "", "HGROUPS", [](const Process& p, const View& v) { return groups_of(p, v, false); }},
    {"hpid", "", "HPID", [](const Process& p, const View&) { return fmt::format("{}", p.pid); }},
    {"huser", "", "HUSER", [](const Process& p, const View& v) { return user_name(v.names.host_passwd, number_at(p.status, "Uid", kEffective)); }},
    {"label", "", "LABEL", label},
    {"nice", "%n", "NI", [](const Process& p, const View&) { return fmt::format("{}", p.stat.nice); }},
    {"pcpu", "%C", "%CPU", cpu_share},
    {"pgid", "%r", "PGID", [](const Process& p, const View& v) { return fmt::format("{}", number_at(p.status, "NSpgid", v.depth)); }},
    {"pid", "%p", "PID", [](const Process& p, const View& v) { return inside_number(p.pid, v); }},
    {"ppid", "%P", "PPID", [](const Process& p, const View& v) { return inside_number(p.stat.parent, v); }},
    {"rgroup", "%g", "RGROUP", [](const Process& p, const View& v) { return group_inside(v.names, number_at(p.status, "Gid", kReal)); }},
    {"rss", "", "RSS", [](const Process& p, const View&) { return fmt::format("{}", p.stat.resident_bytes / 1024); }},
    {"ruser", "%u", "RUSER", [](const Process& p, const View& v) { return user_inside(v.names, number_at(p.status, "Uid", kReal)); }},
    {"seccomp", "", "SECCOMP", filter_mode},
    {"state", "", "STATE", [](const Process& p, const View&) { return std::string(1, p.stat.state); }},
    {"stime", "", "STIME", start_clock},
    {"time", "%x", "TIME", [](const Process& p, const View& v) { return seconds_text(cpu_ticks(p) / v.ticks); }},
    {"tty", "%y", "TTY", terminal},
    {"user", "%U", "USER", [](const Process& p, const View& v) { return user_inside(v.names, number_at(p.status, "Uid", kEffective)); }},
    {"vsz", "%z", "VSZ", [](const Process& p, const View&) { return fmt::format("{}", p.stat.virtual_bytes / 1024); }},
};

// What people are used to give to ps.
struct Habit { std::string_view option; std::string_view descriptors; };
static constexpr Habit kHabits[] = {
    {"", "user,pid,ppid,pcpu,etime,tty,time,args"},
    {"-ef", "user,pid,ppid,pcpu,stime,tty,time,args"},
    {"-e", "pid,tty,time,comm"},
    {"aux", "user,pid,pcpu,vsz,rss,tty,state,stime,time,args"},
    {"-aux", "user,pid,pcpu,vsz,rss,tty,state,stime,time,args"},
};
// clang-format on

std::vector<std::string_view> all_descriptors() {
    std::vector<std::string_view> names;
    for (const Descriptor& one : kDescriptors)
        names.push_back(one.name);
    return names;
}

static const Descriptor* find_descriptor(std::string_view word) {
    if (word == "cmd" || word == "command") word = "args";
    for (const Descriptor& one : kDescriptors)
        if (one.name == word || (!one.code.empty() && one.code == word)) return &one;
    return nullptr;
}

Result<std::vector<std::string>> parse_descriptors(const std::vector<std::string>& words) {
    std::vector<std::string> lists = words;
    if (lists.size() > 1 && (lists[0] == "-o" || lists[0] == "-eo")) lists.erase(lists.begin());
    if (lists.empty()) lists.emplace_back();
    if (lists.size() == 1)
        for (const Habit& habit : kHabits)
            if (habit.option == lists[0]) lists[0] = habit.descriptors;
    std::vector<std::string> found;
    for (const std::string& list : lists)
        for (const std::string_view word : split(list, ',')) {
            const Descriptor* one = find_descriptor(word);
            if (!one)
                return Error(Error::Kind::usage, "there is no column '{}'", excerpt(word))
                    .hint("they are " + join(
                                            [] {
                                                const auto names = all_descriptors();
                                                return std::vector<std::string>(names.begin(),
                                                                                names.end());
                                            }(),
                                            ", "));
            found.emplace_back(one->name);
        }
    return found;
}

std::string seconds_text(std::uint64_t seconds) {
    constexpr std::uint64_t kMinute = 60;
    constexpr std::uint64_t kHour = 60 * kMinute;
    if (seconds < kMinute) return fmt::format("{}s", seconds);
    if (seconds < kHour) return fmt::format("{}m{}s", seconds / kMinute, seconds % kMinute);
    return fmt::format("{}h{}m{}s", seconds / kHour, seconds % kHour / kMinute, seconds % kMinute);
}

// "inside outside count" a line, as user_namespaces(7) has it.
static std::vector<os::IdRange> map_of(pid_t pid, const char* file) {
    std::vector<os::IdRange> map;
    const std::string text = os::read_proc(fmt::format("/proc/{}/{}", pid, file)).value_or("");
    for (const std::string_view line : split(text, '\n')) {
        auto words = split(line, ' ');
        std::erase(words, "");
        if (words.size() != 3) continue;
        const auto number = [&](std::size_t i) {
            return static_cast<std::uint32_t>(parse_number(words[i], 0, UINT32_MAX).value_or(0));
        };
        map.push_back({.inside = number(0), .outside = number(1), .count = number(2)});
    }
    return map;
}

// Its files are the container's: a name that it cannot have, or a file that is none, is a number.
static Names names_of(pid_t first) {
    Names names{.uids = map_of(first, "uid_map"), .gids = map_of(first, "gid_map")};
    const Result<os::Root> root = os::Root::open(fmt::format("/proc/{}/root", first));
    const auto inner = [&](const char* path) {
        const os::InnerPath file = os::InnerPath::clean(path);
        return root ? root->read_file(file, os::kLargestAccountFile).value_or("") : "";
    };
    names.passwd = inner("/etc/passwd");
    names.group = inner("/etc/group");
    names.host_passwd = os::read_proc("/etc/passwd").value_or("");
    names.host_group = os::read_proc("/etc/group").value_or("");
    return names;
}

static std::vector<Process> processes_of(const store::LiveState& live) {
    std::vector<pid_t> pids;
    const Result<sandbox::CgroupPlace> place = sandbox::CgroupPlace::from_json(live.cgroup);
    if (place && !place->path.empty() && !os::has_own_process_namespace(live.pid))
        if (const Result<sandbox::Cgroup> cgroup = sandbox::Cgroup::open(*place))
            pids = cgroup->pids().value_or(std::vector<pid_t>());
    if (pids.empty()) pids = os::processes_with(live.pid);
    std::vector<Process> found;
    for (const pid_t pid : pids) {
        Result<os::ProcessStat> stat = os::process_stat(pid);
        Result<Fields> status = os::process_status(pid);
        if (stat && status)  // or it has just ended
            found.push_back({.pid = pid, .stat = *std::move(stat), .status = *std::move(status)});
    }
    return found;
}

static View view_of(pid_t first, const std::vector<Process>& processes) {
    timespec uptime{};
    ::clock_gettime(CLOCK_BOOTTIME, &uptime);
    View view{
        .names = names_of(first),
        .uptime = static_cast<double>(uptime.tv_sec) + static_cast<double>(uptime.tv_nsec) / 1e9,
        .ticks = os::clock_ticks()};
    const auto own = std::ranges::find(processes, first, &Process::pid);
    if (own != processes.end() && os::has_own_process_namespace(first))
        view.depth = std::max<std::size_t>(numbers_in(own->status, "NSpid").size(), 1) - 1;
    for (const Process& one : processes)
        view.inside[one.pid] = static_cast<pid_t>(number_at(one.status, "NSpid", view.depth));
    return view;
}

Result<ProcessTable> top(const store::Store& store, const std::string& id,
                         const std::vector<std::string>& descriptors) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const std::optional<store::LiveState> live = containers.live(id);
    if (!live) return Error(Error::Kind::busy, "it does not run");
    const std::vector<Process> processes = processes_of(*live);
    const View view = view_of(live->pid, processes);
    if (!containers.live(id)) return Error(Error::Kind::busy, "it has just ended");
    ProcessTable table;
    for (const std::string& name : descriptors)
        table.headings.emplace_back(find_descriptor(name)->heading);
    for (const Process& process : processes) {
        std::vector<std::string> row;
        row.reserve(descriptors.size());
        for (const std::string& name : descriptors)
            row.push_back(find_descriptor(name)->text(process, view));
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace sbx::container
