#include "container/stats.h"

#include <algorithm>

#include <sys/stat.h>

#include "base/text.h"
#include "os/file.h"
#include "os/processes.h"
#include "sandbox/cgroup.h"

namespace sbx::container {

using std::chrono::nanoseconds;

std::optional<std::uint64_t> kilobytes_in(std::string_view text, std::string_view name) {
    for (const std::string_view line : split(text, '\n')) {
        const auto pair = halves(line, ':');
        if (!pair || pair->before != name) continue;
        const auto words = halves(trim(pair->after), ' ');
        const auto number =
            parse_number(words ? words->before : trim(pair->after), 0, INT64_MAX / 1024);
        if (number) return static_cast<std::uint64_t>(*number) * 1024;
    }
    return std::nullopt;
}

Traffic parse_traffic(std::string_view text) {
    constexpr std::size_t kSent = 8;  // the ninth number
    Traffic traffic;
    for (const std::string_view line : split(text, '\n')) {
        const auto pair = halves(line, ':');
        if (!pair || trim(pair->before) == "lo") continue;
        auto words = split(pair->after, ' ');
        std::erase(words, "");
        if (words.size() <= kSent) continue;
        const auto number = [&](std::size_t i) {
            return static_cast<std::uint64_t>(parse_number(words[i], 0, INT64_MAX).value_or(0));
        };
        traffic.received += number(0);
        traffic.sent += number(kSent);
    }
    return traffic;
}

static std::string proc(pid_t pid, const char* file) {
    return os::read_proc(fmt::format("/proc/{}/{}", pid, file)).value_or("");
}

static void add_traffic(pid_t first, Statistics& usage) {
    struct stat own{};
    struct stat host{};
    const bool known = ::stat(fmt::format("/proc/{}/ns/net", first).c_str(), &own) == 0 &&
                       ::stat("/proc/self/ns/net", &host) == 0;
    if (!known || own.st_ino == host.st_ino) return;
    const Traffic traffic = parse_traffic(proc(first, "net/dev"));
    usage.net_received = traffic.received;
    usage.net_sent = traffic.sent;
}

static void sum_up(const sandbox::CgroupStats& stats, Statistics& usage) {
    constexpr std::uint64_t kNanoseconds = 1000;  // of a microsecond
    const auto counter = [](const auto& counters, const char* name) {
        const auto found = counters.find(name);
        return found == counters.end() ? std::uint64_t{0} : found->second;
    };
    usage.cpu = nanoseconds(counter(stats.cpu, "usage_usec") * kNanoseconds);
    // As docker counts: what the kernel would give back at once is not used.
    if (stats.memory_current)
        usage.memory = *stats.memory_current -
                       std::min(*stats.memory_current, counter(stats.memory, "inactive_file"));
    usage.memory_limit = stats.memory_max;
    usage.threads = stats.pids_current;
    if (stats.io.empty()) return;
    usage.block_read = 0;
    usage.block_written = 0;
    for (const auto& [device, counters] : stats.io) {
        *usage.block_read += counter(counters, "rbytes");
        *usage.block_written += counter(counters, "wbytes");
    }
}

// A page that several share counts for each by its part.
static std::uint64_t memory_of(pid_t pid, const os::ProcessStat& stat) {
    return kilobytes_in(proc(pid, "smaps_rollup"), "Pss").value_or(stat.resident_bytes);
}

// Of those that have ended their parents know, if they have waited for them.
static void sum_up_processes(pid_t first, Statistics& usage) {
    constexpr std::uint64_t kSecond = 1'000'000'000;
    std::uint64_t ticks = 0;
    std::uint64_t memory = 0;
    std::uint64_t threads = 0;
    for (const pid_t pid : os::processes_with(first)) {
        const Result<os::ProcessStat> stat = os::process_stat(pid);
        if (!stat) continue;  // it has just ended
        ticks += stat->user_time + stat->system_time + stat->waited_time;
        memory += memory_of(pid, *stat);
        threads += stat->threads;
    }
    usage.cpu = nanoseconds(ticks * (kSecond / os::clock_ticks()));
    if (!usage.memory) usage.memory = memory;
    if (!usage.threads) usage.threads = threads;
}

Statistics statistics_of(const store::LiveState& live) {
    Statistics usage{.at = std::chrono::steady_clock::now()};
    const Result<sandbox::CgroupPlace> place = sandbox::CgroupPlace::from_json(live.cgroup);
    if (place && !place->path.empty())
        if (const Result<sandbox::Cgroup> cgroup = sandbox::Cgroup::open(*place))
            if (const Result<sandbox::CgroupStats> stats = cgroup->stats()) sum_up(*stats, usage);
    if (!usage.cpu || !usage.memory || !usage.threads) {
        const std::optional<nanoseconds> exact = usage.cpu;
        sum_up_processes(live.pid, usage);
        if (exact) usage.cpu = exact;
    }
    add_traffic(live.pid, usage);
    const auto machine = kilobytes_in(os::read_proc("/proc/meminfo").value_or(""), "MemTotal");
    if (!usage.memory_limit || (machine && *machine < *usage.memory_limit))
        usage.memory_limit = machine;
    return usage;
}

}  // namespace sbx::container
