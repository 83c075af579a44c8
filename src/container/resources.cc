#include "container/resources.h"

#include <algorithm>
#include <cstdlib>

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/text.h"

namespace sbx::container {

static Error wrong(std::string_view option, std::string_view value, std::string_view what) {
    return {Error::Kind::usage, "{} {}: {} belongs there", option, excerpt(value), what};
}

static Result<std::int64_t> parse_bytes(std::string_view option, std::string_view text) {
    const Result<std::uint64_t> size = parse_size(text);
    if (!size || *size > INT64_MAX) return wrong(option, text, "a size, such as 512m,");
    return static_cast<std::int64_t>(*size);
}

// 0 is none.
static Result<std::optional<std::int64_t>> parse_limit(std::string_view option,
                                                       std::string_view text) {
    const std::int64_t bytes = TRY(parse_bytes(option, text));
    return bytes == 0 ? std::nullopt : std::optional(bytes);
}

static Result<std::int64_t> parse_count(std::string_view option, std::string_view text,
                                        std::int64_t least, std::int64_t most) {
    const Result<std::int64_t> number = parse_number(text, least, most);
    if (!number) return wrong(option, text, fmt::format("a number from {} to {}", least, most));
    return *number;
}

// --- memory --------------------------------------------------------------------------------------

static Result<> check_memory_options(const ResourceOptions& options) {
    if (!options.memory_swappiness.empty() && options.memory_swappiness != "-1")
        return Error(Error::Kind::unsupported,
                     "--memory-swappiness {}: cgroup version 2 has no such setting",
                     excerpt(options.memory_swappiness))
            .hint("it is the machine's alone: sysctl vm.swappiness; --memory-swap limits swap");
    if (options.oom_kill_disable)
        return Error(Error::Kind::unsupported,
                     "--oom-kill-disable: cgroup version 2 cannot do without OOM killing")
            .hint("--oom-score-adj says how readily a container is killed");
    return {};
}

// Whether it is what a limit without its own swap gets.
static bool is_implied(const oci::MemoryLimits& memory) {
    const std::int64_t limit = memory.limit.value_or(0);
    return !memory.swap || (limit > 0 && *memory.swap / 2 == limit);
}

static std::optional<std::int64_t> implied_swap(std::optional<std::int64_t> limit) {
    if (!limit) return limit;
    return *limit <= INT64_MAX / 2 ? *limit * 2 : -1;
}

static Result<> compose_swap(const ResourceOptions& options, oci::MemoryLimits& memory) {
    const std::string& text = options.memory_swap;
    if (text == "-1")
        memory.swap = -1;
    else if (!text.empty())
        memory.swap = TRY(parse_limit("--memory-swap", text));
    if (!memory.swap) memory.swap = implied_swap(memory.limit);
    if (!memory.limit && memory.swap && *memory.swap > 0)
        return Error(Error::Kind::usage,
                     "--memory-swap {}: it counts memory, too, and needs --memory", excerpt(text));
    if (!memory.limit) memory.swap.reset();
    if (memory.swap.value_or(-1) > 0 && memory.swap < memory.limit)
        return Error(Error::Kind::usage,
                     "--memory-swap is below --memory, though it counts memory and swap together");
    return {};
}

static Result<> compose_memory(const ResourceOptions& options, oci::MemoryLimits& memory) {
    TRY(check_memory_options(options));
    const bool follows = is_implied(memory);
    if (!options.memory.empty()) memory.limit = TRY(parse_limit("--memory", options.memory));
    if (follows || !memory.limit) memory.swap.reset();
    TRY(compose_swap(options, memory));
    if (!options.memory_reservation.empty())
        memory.reservation = TRY(parse_limit("--memory-reservation", options.memory_reservation));
    return {};
}

// --- cpu -----------------------------------------------------------------------------------------

// "1.5", exactly: thousandths of a CPU are hundreds of microseconds of the period.
static Result<std::int64_t> quota_of_cpus(std::string_view text) {
    constexpr std::int64_t kPeriod = 100'000;
    constexpr std::int64_t kMostCpus = 1 << 20;
    constexpr std::size_t kDigits = 5;  // of a fraction: a microsecond of the period
    const auto sides = halves(text, '.');
    const std::string_view whole = sides ? sides->before : text;
    std::string fraction(sides ? sides->after : "");
    if (fraction.size() > kDigits) fraction.resize(kDigits);
    fraction.resize(kDigits, '0');
    const std::string digits = fmt::format("1{}", fraction);
    const Result<std::int64_t> cpus = parse_number(whole.empty() ? "0" : whole, 0, kMostCpus);
    const Result<std::int64_t> part = parse_number(digits, 0, 2 * kPeriod);
    const bool empty = whole.empty() && (!sides || sides->after.empty());
    if (!cpus || !part || empty) return wrong("--cpus", text, "a number of CPUs, such as 1.5,");
    return *cpus * kPeriod + *part - kPeriod;
}

// 0 or -1 lifts the limit.
static void limit_bandwidth(std::int64_t quota, oci::CpuLimits& cpu) {
    cpu.quota = quota;
    if (quota <= 0) cpu.quota.reset();
}

static Result<> compose_bandwidth(const ResourceOptions& options, oci::CpuLimits& cpu) {
    constexpr std::uint64_t kUsualPeriod = 100'000;
    if (!options.cpus.empty()) {
        if (!options.cpu_quota.empty() || !options.cpu_period.empty())
            return Error(Error::Kind::usage,
                         "--cpus says what --cpu-quota and --cpu-period say: give the one or the "
                         "others");
        limit_bandwidth(TRY(quota_of_cpus(options.cpus)), cpu);
        cpu.period = cpu.quota ? std::optional(kUsualPeriod) : std::nullopt;
    }
    if (!options.cpu_quota.empty())
        limit_bandwidth(TRY(parse_count("--cpu-quota", options.cpu_quota, -1, INT64_MAX)), cpu);
    if (!options.cpu_period.empty())
        cpu.period = static_cast<std::uint64_t>(
            TRY(parse_count("--cpu-period", options.cpu_period, 1000, 1'000'000)));
    if (!cpu.quota) cpu.period.reset();  // it limits nothing by itself
    return {};
}

static Result<std::string> parse_cpu_list(std::string_view option, const std::string& text) {
    for (const std::string_view range : split(text, ',')) {
        const auto ends = halves(range, '-');
        const auto first = parse_number(ends ? ends->before : range, 0, 65535);
        const auto last = parse_number(ends ? ends->after : range, 0, 65535);
        if (!first || !last || *first > *last)
            return wrong(option, text, "a list of numbers, such as 0-3,7,");
    }
    return text;
}

static Result<> compose_cpu(const ResourceOptions& options, oci::CpuLimits& cpu) {
    TRY(compose_bandwidth(options, cpu));
    if (!options.cpu_shares.empty()) {
        const std::int64_t shares = TRY(parse_count("--cpu-shares", options.cpu_shares, 0, 262144));
        cpu.shares = static_cast<std::uint64_t>(shares);
        if (shares == 0) cpu.shares.reset();
    }
    if (!options.cpuset_cpus.empty())
        cpu.cpus = TRY(parse_cpu_list("--cpuset-cpus", options.cpuset_cpus));
    if (!options.cpuset_mems.empty())
        cpu.mems = TRY(parse_cpu_list("--cpuset-mems", options.cpuset_mems));
    return {};
}

// --- block devices -------------------------------------------------------------------------------

namespace {

struct DeviceValue {
    std::int64_t major = 0;
    std::int64_t minor = 0;
    std::string value;
};

}  // namespace

// PATH:VALUE, where PATH is a block device of the host.
static Result<DeviceValue> parse_device_value(std::string_view option, const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos || colon == 0) return wrong(option, text, "DEVICE:VALUE");
    const std::string path = text.substr(0, colon);
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0)
        return Error::from_errno(errno, "{} {}: '{}'", option, excerpt(text), excerpt(path))
            .as(Error::Kind::usage);
    if (!S_ISBLK(status.st_mode))
        return Error(Error::Kind::usage, "{} {}: '{}' is no block device", option, excerpt(text),
                     excerpt(path));
    return DeviceValue{.major = static_cast<std::int64_t>(major(status.st_rdev)),
                       .minor = static_cast<std::int64_t>(minor(status.st_rdev)),
                       .value = text.substr(colon + 1)};
}

// In place of what the list has for this device.
template <class T>
static void replace_in(std::vector<T>& list, const T& one) {
    std::erase_if(list,
                  [&](const T& had) { return had.major == one.major && had.minor == one.minor; });
    list.push_back(one);
}

enum class Unit : std::uint8_t { bytes, operations };

static Result<> compose_throttles(std::string_view option, Unit unit,
                                  const std::vector<std::string>& texts,
                                  std::vector<oci::BlockThrottle>& throttles) {
    for (const std::string& text : texts) {
        const DeviceValue one = TRY(parse_device_value(option, text));
        const std::int64_t rate = unit == Unit::bytes
                                      ? TRY(parse_bytes(option, one.value))
                                      : TRY(parse_count(option, one.value, 0, INT64_MAX));
        replace_in(
            throttles,
            {.major = one.major, .minor = one.minor, .rate = static_cast<std::uint64_t>(rate)});
    }
    std::erase_if(throttles, [](const oci::BlockThrottle& t) { return t.rate == 0; });
    return {};
}

// 0 is the usual one.
static Result<std::optional<std::uint16_t>> parse_weight(std::string_view option,
                                                         std::string_view text) {
    if (text == "0") return std::optional<std::uint16_t>();
    return static_cast<std::uint16_t>(TRY(parse_count(option, text, 10, 1000)));
}

static Result<> compose_weights(const ResourceOptions& options, oci::BlockLimits& block) {
    if (!options.blkio_weight.empty())
        block.weight = TRY(parse_weight("--blkio-weight", options.blkio_weight));
    for (const std::string& text : options.blkio_weight_device) {
        const DeviceValue one = TRY(parse_device_value("--blkio-weight-device", text));
        const auto weight = TRY(parse_weight("--blkio-weight-device", one.value));
        replace_in(block.weight_device, {.major = one.major, .minor = one.minor, .weight = weight});
    }
    std::erase_if(block.weight_device, [](const oci::BlockWeight& one) { return !one.weight; });
    return {};
}

static Result<> compose_block(const ResourceOptions& options, oci::BlockLimits& block) {
    TRY(compose_weights(options, block));
    TRY(compose_throttles("--device-read-bps", Unit::bytes, options.read_bps, block.read_bps));
    TRY(compose_throttles("--device-write-bps", Unit::bytes, options.write_bps, block.write_bps));
    TRY(compose_throttles("--device-read-iops", Unit::operations, options.read_iops,
                          block.read_iops));
    return compose_throttles("--device-write-iops", Unit::operations, options.write_iops,
                             block.write_iops);
}

// --- all -----------------------------------------------------------------------------------------

Result<oci::Resources> compose_resources(const ResourceOptions& options,
                                         const oci::Resources& had) {
    oci::Resources resources = had;
    TRY(compose_memory(options, resources.memory));
    TRY(compose_cpu(options, resources.cpu));
    TRY(compose_block(options, resources.block));
    if (!options.pids_limit.empty()) {
        const std::int64_t limit =
            TRY(parse_count("--pids-limit", options.pids_limit, -1, 4'194'304));
        resources.pids_limit = limit > 0 ? std::optional(limit) : std::nullopt;
    }
    for (const std::string& text : options.cgroup_conf) {
        const auto sides = halves(text, '=');
        if (!sides || sides->before.empty())
            return wrong("--cgroup-conf", text, "FILE=VALUE, such as memory.high=1000000,");
        resources.unified[std::string(sides->before)] = sides->after;
    }
    return resources;
}

}  // namespace sbx::container
