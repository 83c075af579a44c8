#include "os/processes.h"

#include <algorithm>
#include <functional>
#include <optional>

#include <fcntl.h>
#include <linux/nsfs.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/process.h"

namespace sbx::os {

std::vector<pid_t> all_processes() {
    std::vector<pid_t> pids;
    const Result<Fd> proc = open_directory(FdView::cwd(), "/proc");
    const auto names = proc ? names_in(*proc) : Result<std::vector<std::string>>();
    for (const std::string& name : names.value_or(std::vector<std::string>()))
        if (const auto pid = parse_number(name, 1, INT32_MAX))
            pids.push_back(static_cast<pid_t>(*pid));
    std::ranges::sort(pids);
    return pids;
}

// What names a namespace; 0 where it cannot be told.
static ino_t inode_of(FdView space) {
    struct stat status{};
    return ::fstat(space.get(), &status) == 0 ? status.st_ino : 0;
}

static Fd open_namespace(std::string_view process, const char* kind = "pid") {
    return Fd(::open(fmt::format("/proc/{}/ns/{}", process, kind).c_str(), O_RDONLY | O_CLOEXEC));
}

static Fd open_namespace(pid_t pid) { return open_namespace(fmt::format("{}", pid)); }

// The kernel shows no parents beyond the caller's own namespace.
static bool is_within(Fd space, ino_t whole) {
    while (space && inode_of(space) != whole)
        space = Fd(::ioctl(space.get(), NS_GET_PARENT));
    return bool{space};
}

static std::vector<pid_t> descendants_of(pid_t first) {
    std::map<pid_t, pid_t> parents;
    for (const pid_t pid : all_processes())
        parents[pid] = process_stat(pid).value_or(ProcessStat()).parent;
    std::vector<pid_t> found;
    for (const auto& [pid, parent] : parents) {
        pid_t up = pid;
        while (up > 1 && up != first) {
            const auto next = parents.find(up);
            up = next == parents.end() ? 0 : next->second;
        }
        if (up == first) found.push_back(pid);
    }
    return found;
}

bool has_own_process_namespace(pid_t pid) {
    const ino_t space = inode_of(open_namespace(pid));
    return space != 0 && space != inode_of(open_namespace("self"));
}

std::uint64_t mounts_of(pid_t pid) {
    return inode_of(open_namespace(fmt::format("{}", pid), "mnt"));
}

// A process namespace is that of its process 1: others there have joined it.
static bool is_process_one(pid_t pid) {
    const auto status = process_status(pid);
    if (!status || !status->contains("NSpid")) return false;
    const std::string_view numbers = trim(status->at("NSpid"));
    return numbers.substr(numbers.find_last_of("\t ") + 1) == "1";
}

static bool has_joined(pid_t first) { return !is_process_one(first) && mounts_of(first) != 0; }

bool is_in_namespace_of(pid_t first, pid_t pid) {
    if (has_joined(first)) return mounts_of(pid) == mounts_of(first);
    const ino_t space = inode_of(open_namespace(first));
    return space != 0 && is_within(open_namespace(pid), space);
}

std::vector<pid_t> processes_with(pid_t first) {
    const ino_t space = inode_of(open_namespace(first));
    if (space == 0 || space == inode_of(open_namespace("self"))) return descendants_of(first);
    std::vector<pid_t> found = all_processes();
    const ino_t mounts = mounts_of(first);
    if (has_joined(first))
        std::erase_if(found, [&](pid_t pid) { return mounts_of(pid) != mounts; });
    else
        std::erase_if(found, [&](pid_t pid) { return !is_within(open_namespace(pid), space); });
    return found;
}

// The second field, the name, may hold anything; the fields after its last ')' are numbers.
Result<ProcessStat> parse_process_stat(std::string_view text) {
    const std::size_t open = text.find('(');
    const std::size_t close = text.rfind(')');
    if (open == text.npos || close == text.npos || close + 2 >= text.size() || close < open)
        return Error(Error::Kind::failed, "it has no name");
    ProcessStat stat{.name = std::string(text.substr(open + 1, close - open - 1)),
                     .state = text[close + 2]};
    const auto fields = split(trim(text.substr(close + 1)), ' ');
    constexpr std::size_t kFirst = 3;  // the number of fields[0] in proc_pid_stat(5)
    constexpr std::size_t kLast = 24;
    if (fields.size() <= kLast - kFirst) return Error(Error::Kind::failed, "it is cut short");
    const auto field = [&](std::size_t number) {
        return parse_number(fields[number - kFirst], INT64_MIN, INT64_MAX).value_or(0);
    };
    const auto count = [&](std::size_t number) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(field(number), 0));
    };
    stat.parent = static_cast<pid_t>(field(4));
    stat.session = static_cast<pid_t>(field(6));
    stat.terminal = count(7);
    stat.user_time = count(14);
    stat.system_time = count(15);
    stat.waited_time = count(16) + count(17);
    stat.nice = field(19);
    stat.threads = count(20);
    stat.start_time = count(22);
    stat.virtual_bytes = count(23);
    stat.resident_bytes = count(24) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return stat;
}

Result<ProcessStat> process_stat(pid_t pid) {
    const std::string text = TRY(read_proc(fmt::format("/proc/{}/stat", pid)));
    return TRY(parse_process_stat(text), "'/proc/{}/stat'", pid);
}

static bool is_of_session(pid_t first, pid_t pid) {
    const Result<ProcessStat> stat = process_stat(pid);
    return stat && stat->session == first && stat->state != 'Z' && stat->state != 'X';
}

// Whether it was there. Its number may have become another process's before it was opened.
static bool kill_of_session(pid_t first, pid_t pid) {
    if (!is_of_session(first, pid)) return false;
    const Result<Fd> process = open_process(pid);
    return process && is_of_session(first, pid) && send_signal(*process, SIGKILL);
}

static bool kill_one_with(ino_t mounts, pid_t pid) {
    if (mounts_of(pid) != mounts) return false;
    const Result<Fd> process = open_process(pid);
    return process && mounts_of(pid) == mounts && send_signal(*process, SIGKILL);
}

// Until none is left: one may have made another meanwhile.
static void kill_all(const std::function<bool(pid_t)>& kill_one) {
    constexpr int kRounds = 100;
    for (int round = 0; round < kRounds; ++round) {
        int found = 0;
        for (const pid_t pid : all_processes())
            if (kill_one(pid)) ++found;
        if (found == 0) return;
    }
}

void kill_with_mounts(FdView mounts) {
    const ino_t space = inode_of(mounts);
    if (space != 0) kill_all([&](pid_t pid) { return kill_one_with(space, pid); });
}

// "36 35 0:32 /etc/hosts /etc/hosts rw - ext4 /dev/sda rw": proc_pid_mountinfo(5).
bool has_mount(std::string_view mountinfo,
               const std::function<bool(std::string_view root)>& is_it) {
    constexpr std::size_t kRoot = 3;
    return std::ranges::any_of(split(mountinfo, '\n'), [&](std::string_view line) {
        const std::vector<std::string_view> fields = split(line, ' ');
        return fields.size() > kRoot && is_it(fields[kRoot]);
    });
}

void kill_with_mount_in(pid_t first, const std::function<bool(std::string_view root)>& is_it) {
    const ino_t space = inode_of(open_namespace(first));
    if (space == 0) return;
    const auto is_meant = [&](pid_t pid) {
        if (pid == first || !is_within(open_namespace(pid), space)) return false;
        const Result<std::string> mounts = read_proc(fmt::format("/proc/{}/mountinfo", pid));
        return mounts && has_mount(*mounts, is_it);
    };
    kill_all([&](pid_t pid) {
        if (!is_meant(pid)) return false;
        const Result<Fd> process = open_process(pid);
        return process && is_meant(pid) && send_signal(*process, SIGKILL);
    });
}

// Some may be born while the others are found.
void kill_session(pid_t first) {
    constexpr int kRounds = 100;
    for (int round = 0; round < kRounds; ++round) {
        int found = 0;
        for (const pid_t pid : all_processes())
            if (kill_of_session(first, pid)) ++found;
        if (found == 0) return;
    }
}

std::uint64_t clock_ticks() { return static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK)); }

std::map<std::string, std::string> parse_process_status(std::string_view text) {
    std::map<std::string, std::string> fields;
    for (const std::string_view line : split(text, '\n'))
        if (const auto pair = halves(line, ':')) fields.emplace(pair->before, trim(pair->after));
    return fields;
}

Result<std::map<std::string, std::string>> process_status(pid_t pid) {
    const std::string text = TRY(read_proc(fmt::format("/proc/{}/status", pid)));
    return parse_process_status(text);
}

}  // namespace sbx::os
