#include "runtime/events.h"

#include <limits>

#include "base/text.h"
#include "runtime/processes.h"
#include "runtime/status.h"
#include "sandbox/cgroup_watch.h"

namespace sbx::runtime {

using Counters = std::map<std::string, std::uint64_t>;

static constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
static constexpr std::uint64_t kNanoseconds = 1000;  // of a microsecond

static std::uint64_t at(const Counters& counters, const std::string& name) {
    const auto found = counters.find(name);
    return found == counters.end() ? 0 : found->second;
}

static void set_unless_none(Json& json, std::string_view key, std::uint64_t value) {
    if (value != 0) json.set(key, value);
}

static Json cpu_json(const Counters& cpu) {
    Json usage = Json::object();
    set_unless_none(usage, "total", at(cpu, "usage_usec") * kNanoseconds);
    usage.set("kernel", at(cpu, "system_usec") * kNanoseconds)
        .set("user", at(cpu, "user_usec") * kNanoseconds);
    Json throttling = Json::object();
    set_unless_none(throttling, "periods", at(cpu, "nr_periods"));
    set_unless_none(throttling, "throttledPeriods", at(cpu, "nr_throttled"));
    set_unless_none(throttling, "throttledTime", at(cpu, "throttled_usec") * kNanoseconds);
    return Json::object().set("usage", std::move(usage)).set("throttling", std::move(throttling));
}

static Json entry_json(std::uint64_t limit, std::uint64_t usage, std::uint64_t most,
                       std::uint64_t failures) {
    Json json = Json::object().set("limit", limit);
    set_unless_none(json, "usage", usage);
    set_unless_none(json, "max", most);
    return std::move(json).set("failcnt", failures);
}

static Json usage_json(const sandbox::CgroupStats& stats) {
    if (!stats.memory_current) return entry_json(0, 0, 0, 0);
    return entry_json(stats.memory_max.value_or(kNoLimit), *stats.memory_current,
                      stats.memory_peak.value_or(0), at(stats.memory_events, "max"));
}

// Together with memory, as version 1 of cgroups counted it.
static Json swap_json(const sandbox::CgroupStats& stats) {
    if (!stats.memory_current || !stats.swap_current) return entry_json(0, 0, 0, 0);
    const bool is_limited = stats.memory_max && stats.swap_max;
    return entry_json(is_limited ? *stats.memory_max + *stats.swap_max : kNoLimit,
                      *stats.memory_current + *stats.swap_current, 0, 0);
}

static Json memory_json(const sandbox::CgroupStats& stats) {
    Json json = Json::object();
    set_unless_none(json, "cache", at(stats.memory, "file"));
    json.set("usage", usage_json(stats))
        .set("swap", swap_json(stats))
        .set("kernel", entry_json(0, 0, 0, 0))
        .set("kernelTCP", entry_json(0, 0, 0, 0));
    if (stats.memory.empty()) return json;
    Json raw = Json::object();
    for (const auto& [name, value] : stats.memory)
        raw.set(name, value);
    return std::move(json).set("raw", std::move(raw));
}

static Json pids_json(const sandbox::CgroupStats& stats) {
    Json json = Json::object();
    set_unless_none(json, "current", stats.pids_current.value_or(0));
    set_unless_none(json, "limit", stats.pids_max.value_or(0));
    return json;
}

static void push_io(Json& list, const std::string& device, std::string_view operation,
                    std::uint64_t value) {
    const auto numbers = halves(device, ':');
    if (!numbers) return;
    const auto number = [](std::string_view text) {
        return parse_number(text, 0, UINT32_MAX).value_or(0);
    };
    list.push(Json::object()
                  .set("major", number(numbers->before))
                  .set("minor", number(numbers->after))
                  .set("op", operation)
                  .set("value", value));
}

static Json io_json(const std::map<std::string, Counters>& devices) {
    Json bytes = Json::array();
    Json operations = Json::array();
    for (const auto& [device, counters] : devices) {
        push_io(bytes, device, "Read", at(counters, "rbytes"));
        push_io(bytes, device, "Write", at(counters, "wbytes"));
        push_io(operations, device, "Read", at(counters, "rios"));
        push_io(operations, device, "Write", at(counters, "wios"));
    }
    if (devices.empty()) return Json::object();
    return Json::object()
        .set("ioServiceBytesRecursive", std::move(bytes))
        .set("ioServicedRecursive", std::move(operations));
}

static Json hugepages_json(const Counters& sizes) {
    Json json = Json::object();
    for (const auto& [size, bytes] : sizes) {
        Json one = Json::object();
        set_unless_none(one, "usage", bytes);
        json.set(size, std::move(one).set("failcnt", 0));
    }
    return json;
}

// Of version 1 alone, but runc tells of them with either.
static Json cpuset_json() {
    Json json = Json::object();
    for (const char* name : {"cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate",
                             "memory_spread_page", "memory_spread_slab", "memory_pressure",
                             "sched_load_balance", "sched_relax_domain_level"})
        json.set(name, 0);
    return json;
}

Json stats_event(const std::string& id, const sandbox::CgroupStats& stats) {
    Json data = Json::object();
    data.set("cpu", cpu_json(stats.cpu))
        .set("cpuset", cpuset_json())
        .set("memory", memory_json(stats))
        .set("pids", pids_json(stats))
        .set("blkio", io_json(stats.io))
        .set("hugetlb", hugepages_json(stats.hugepages))
        .set("intel_rdt", Json::object())
        .set("network_interfaces", Json());
    return Json::object().set("type", "stats").set("id", id).set("data", std::move(data));
}

Json oom_event(const std::string& id) { return Json::object().set("type", "oom").set("id", id); }

static Result<sandbox::Cgroup> cgroup_in_use(const States& states, const std::string& id) {
    const Listed found = TRY(look_up(states, id));
    if (found.status == Status::stopped)
        return Error(Error::Kind::busy, "container with id {} is not running", id);
    return required_cgroup(found.state);
}

Result<Json> stats_of(const States& states, const std::string& id) {
    const sandbox::Cgroup cgroup = TRY(cgroup_in_use(states, id));
    const sandbox::CgroupStats stats = TRY(cgroup.stats());
    return stats_event(id, stats);
}

Result<> follow(const States& states, const std::string& id, std::chrono::nanoseconds interval,
                const TellEvent& tell) {
    using Watch = sandbox::CgroupWatch;
    const sandbox::Cgroup cgroup = TRY(cgroup_in_use(states, id));
    Watch watch = TRY(Watch::begin(cgroup));
    auto next = Watch::Clock::now() + interval;
    for (;;) {
        const Watch::Event event = TRY(watch.wait(next));
        if (event == Watch::Event::emptied) return {};
        if (event == Watch::Event::oom_kill) {
            TRY(tell(oom_event(id)));
            continue;
        }
        const Result<sandbox::CgroupStats> stats = cgroup.stats();
        if (stats) TRY(tell(stats_event(id, *stats)));
        next += interval;
    }
}

}  // namespace sbx::runtime
