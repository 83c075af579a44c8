#include "sandbox/cgroup_stats.h"

#include "base/text.h"
#include "os/file.h"
#include "sandbox/cgroup_file.h"

namespace sbx::sandbox {

static std::optional<std::uint64_t> number_in(const Result<std::string>& text) {
    if (!text) return {};
    const Result<std::int64_t> number = parse_number(trim(*text), 0, INT64_MAX);
    if (!number) return {};  // "max"
    return static_cast<std::uint64_t>(*number);
}

// "8:0 rbytes=1 wbytes=2" a line.
static std::map<std::string, std::map<std::string, std::uint64_t>> devices_in(
    std::string_view text) {
    std::map<std::string, std::map<std::string, std::uint64_t>> devices;
    for (const std::string_view line : split(text, '\n')) {
        const auto sides = halves(line, ' ');
        if (!sides) continue;
        for (const std::string_view word : split(sides->after, ' '))
            if (const auto pair = halves(word, '='))
                if (const Result<std::int64_t> n = parse_number(pair->after, 0, INT64_MAX))
                    devices[std::string(sides->before)][std::string(pair->before)] =
                        static_cast<std::uint64_t>(*n);
    }
    return devices;
}

// "hugetlb.2MB.current", but not "hugetlb.2MB.rsvd.current".
static std::map<std::string, std::uint64_t> hugepages_in(os::FdView folder) {
    constexpr std::string_view kBefore = "hugetlb.";
    constexpr std::string_view kBehind = ".current";
    std::map<std::string, std::uint64_t> used;
    for (const std::string& name : os::names_in(folder).value_or(std::vector<std::string>())) {
        if (!name.starts_with(kBefore) || !name.ends_with(kBehind)) continue;
        const std::string size =
            name.substr(kBefore.size(), name.size() - kBefore.size() - kBehind.size());
        if (size.contains('.')) continue;
        if (const auto bytes = number_in(read_cgroup_file(folder, name))) used[size] = *bytes;
    }
    return used;
}

Result<CgroupStats> read_cgroup_stats(os::FdView folder) {
    const auto read = [&](const char* file) { return read_cgroup_file(folder, file); };
    const std::string cpu = TRY(read("cpu.stat"));  // without any controller, too
    CgroupStats stats{.cpu = counters_in(cpu)};
    stats.memory_events = counters_in(read("memory.events").value_or(""));
    stats.memory = counters_in(read("memory.stat").value_or(""));
    stats.memory_current = number_in(read("memory.current"));
    stats.memory_max = number_in(read("memory.max"));
    stats.memory_peak = number_in(read("memory.peak"));
    stats.swap_current = number_in(read("memory.swap.current"));
    stats.swap_max = number_in(read("memory.swap.max"));
    stats.pids_current = number_in(read("pids.current"));
    stats.pids_max = number_in(read("pids.max"));
    stats.io = devices_in(read("io.stat").value_or(""));
    stats.hugepages = hugepages_in(folder);
    return stats;
}

}  // namespace sbx::sandbox
