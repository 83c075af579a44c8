#include "sandbox/cgroup_writes.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace sbx::sandbox {

static Error not_in_version_2(std::string_view what) {
    return {Error::Kind::unsupported, "{} cannot be set: cgroup version 2 has no file for it",
            what};
}

static std::string limit_text(std::int64_t limit) {
    return limit < 0 ? "max" : fmt::format("{}", limit);
}

// --- memory --------------------------------------------------------------------------------------

Result<std::optional<std::int64_t>> swap_limit_of(const oci::MemoryLimits& memory) {
    const std::int64_t limit = memory.limit.value_or(0);
    const std::int64_t swap = memory.swap.value_or(0);
    if (swap == 0) return limit == -1 ? std::optional<std::int64_t>(-1) : std::nullopt;
    if (swap < 0) return std::optional<std::int64_t>(-1);
    if (limit <= 0)
        return Error(Error::Kind::usage, "a limit of memory and swap needs one of memory");
    if (swap < limit)
        return Error(Error::Kind::usage,
                     "the limit of memory and swap, {}, is below that of memory, {}", swap, limit);
    return std::optional<std::int64_t>(swap - limit);
}

static Result<> check_memory(const oci::MemoryLimits& memory) {
    if (memory.swappiness) return not_in_version_2("memory swappiness");
    if (memory.disable_oom_killer.value_or(false)) return not_in_version_2("an end of OOM killing");
    if (memory.kernel.value_or(0) > 0) return not_in_version_2("a limit of kernel memory");
    if (memory.kernel_tcp.value_or(0) > 0) return not_in_version_2("a limit of TCP memory");
    for (const auto& value : {memory.limit, memory.reservation, memory.swap})
        if (value && *value < -1)
            return Error(Error::Kind::usage, "a limit of memory is {} bytes", *value);
    return {};
}

static Result<> add_memory(const oci::MemoryLimits& memory, std::vector<CgroupWrite>& writes) {
    TRY(check_memory(memory));
    const std::optional<std::int64_t> swap = TRY(swap_limit_of(memory));
    const bool checked = memory.check_before_update.value_or(false) && memory.limit.value_or(0) > 0;
    if (memory.limit.value_or(0) != 0)
        writes.push_back({.file = "memory.max",
                          .value = limit_text(*memory.limit),
                          .optional = *memory.limit < 0,
                          .used_file = checked ? "memory.current" : ""});
    // A kernel without swap accounting has no such file: of swap, all or none can be had there.
    if (swap)
        writes.push_back(
            {.file = "memory.swap.max", .value = limit_text(*swap), .optional = *swap <= 0});
    if (memory.reservation.value_or(0) != 0)
        writes.push_back({.file = "memory.low", .value = limit_text(*memory.reservation)});
    return {};
}

// --- cpu -----------------------------------------------------------------------------------------

std::uint64_t cpu_weight_of(std::uint64_t shares) {
    constexpr std::uint64_t kLeast = 2;
    constexpr std::uint64_t kMost = 262144;
    if (shares <= kLeast) return 1;
    if (shares >= kMost) return 10000;
    const double magnitude = std::log2(static_cast<double>(shares));
    const double exponent = (magnitude * magnitude + 125 * magnitude) / 612.0 - 7.0 / 34.0;
    constexpr double kRounding = 1e-9;  // 1024 is 100, not a hair above it
    return static_cast<std::uint64_t>(std::ceil(std::pow(10, exponent) - kRounding));
}

static Result<> check_cpu_list(std::string_view list) {
    if (list.find_first_not_of("0123456789,- \n") == list.npos) return {};
    return Error(Error::Kind::usage, "'{}' is no list of CPUs or nodes, such as 0-3,7",
                 excerpt(list));
}

static std::string bandwidth_text(const oci::CpuLimits& cpu) {
    constexpr std::uint64_t kUsualPeriod = 100'000;
    const std::int64_t quota = cpu.quota.value_or(0);
    const std::string part = quota > 0 ? fmt::format("{}", quota) : "max";
    return fmt::format("{} {}", part, cpu.period.value_or(kUsualPeriod));
}

static Result<> add_cpu(const oci::CpuLimits& cpu, std::vector<CgroupWrite>& writes) {
    if (cpu.realtime_runtime.value_or(0) != 0 || cpu.realtime_period.value_or(0) != 0)
        return not_in_version_2("realtime time of the CPU");
    TRY(check_cpu_list(cpu.cpus));
    TRY(check_cpu_list(cpu.mems));
    if (cpu.idle) writes.push_back({.file = "cpu.idle", .value = fmt::format("{}", *cpu.idle)});
    // A group that is idle has no weight: the kernel refuses one.
    if (cpu.shares.value_or(0) != 0 && cpu.idle.value_or(0) == 0)
        writes.push_back(
            {.file = "cpu.weight", .value = fmt::format("{}", cpu_weight_of(*cpu.shares))});
    if (cpu.quota.value_or(0) != 0 || cpu.period.value_or(0) != 0)
        writes.push_back({.file = "cpu.max", .value = bandwidth_text(cpu)});
    if (cpu.burst)
        writes.push_back({.file = "cpu.max.burst", .value = fmt::format("{}", *cpu.burst)});
    if (!cpu.cpus.empty()) writes.push_back({.file = "cpuset.cpus", .value = cpu.cpus});
    if (!cpu.mems.empty()) writes.push_back({.file = "cpuset.mems", .value = cpu.mems});
    return {};
}

// --- block devices -------------------------------------------------------------------------------

// io.weight goes from 1 to 10000, BFQ's own from 1 to 1000 as version 1's did from 10.
static Result<CgroupWrite> weight_write(std::string_view device, std::uint16_t weight) {
    constexpr int kLeast = 10;
    constexpr int kMost = 1000;
    if (weight < kLeast || weight > kMost)
        return Error(Error::Kind::usage, "a weight of {}, where {} to {} belong", weight, kLeast,
                     kMost);
    const int wide = 1 + (weight - kLeast) * 9999 / (kMost - kLeast);
    return CgroupWrite{.file = "io.bfq.weight",
                       .value = fmt::format("{}{}", device, weight),
                       .other_file = "io.weight",
                       .other_value = fmt::format("{}{}", device, wide)};
}

static void add_throttles(const std::vector<oci::BlockThrottle>& throttles, std::string_view key,
                          std::vector<CgroupWrite>& writes) {
    for (const oci::BlockThrottle& t : throttles) {
        const std::string rate = t.rate == 0 ? "max" : fmt::format("{}", t.rate);
        writes.push_back(
            {.file = "io.max", .value = fmt::format("{}:{} {}={}", t.major, t.minor, key, rate)});
    }
}

static Result<> add_block(const oci::BlockLimits& block, std::vector<CgroupWrite>& writes) {
    if (block.leaf_weight.value_or(0) != 0) return not_in_version_2("a leaf weight");
    if (block.weight.value_or(0) != 0) writes.push_back(TRY(weight_write("", *block.weight)));
    for (const oci::BlockWeight& one : block.weight_device) {
        if (one.leaf_weight.value_or(0) != 0) return not_in_version_2("a leaf weight");
        const std::uint16_t weight = one.weight.value_or(0);
        if (weight == 0) continue;
        const std::string device = fmt::format("{}:{} ", one.major, one.minor);
        writes.push_back(TRY(weight_write(device, weight)));
    }
    add_throttles(block.read_bps, "rbps", writes);
    add_throttles(block.write_bps, "wbps", writes);
    add_throttles(block.read_iops, "riops", writes);
    add_throttles(block.write_iops, "wiops", writes);
    return {};
}

// --- the rest ------------------------------------------------------------------------------------

// The size becomes part of the name of a file.
static bool is_page_size(std::string_view size) {
    const std::size_t digits = size.find_first_not_of("0123456789");
    if (digits == 0 || digits == size.npos) return false;
    const std::string_view unit = size.substr(digits);
    return unit == "KB" || unit == "MB" || unit == "GB";
}

static Result<> add_hugepages(const std::vector<oci::HugepageLimit>& limits,
                              std::vector<CgroupWrite>& writes) {
    for (const oci::HugepageLimit& one : limits) {
        if (!is_page_size(one.page_size))
            return Error(Error::Kind::usage, "'{}' is no size of a huge page, such as 2MB",
                         excerpt(one.page_size));
        const std::string value = fmt::format("{}", one.limit);
        writes.push_back({.file = fmt::format("hugetlb.{}.max", one.page_size), .value = value});
        writes.push_back({.file = fmt::format("hugetlb.{}.rsvd.max", one.page_size),
                          .value = value,
                          .optional = true});
    }
    return {};
}

static Result<> add_rdma(const std::map<std::string, oci::RdmaLimit>& limits,
                         std::vector<CgroupWrite>& writes) {
    for (const auto& [device, limit] : limits) {
        if (device.empty() || device.find_first_of(" \n") != device.npos)
            return Error(Error::Kind::usage, "'{}' is no name of an RDMA device", excerpt(device));
        std::string value = device;
        if (limit.hca_handles) value += fmt::format(" hca_handle={}", *limit.hca_handles);
        if (limit.hca_objects) value += fmt::format(" hca_object={}", *limit.hca_objects);
        if (value != device) writes.push_back({.file = "rdma.max", .value = std::move(value)});
    }
    return {};
}

// A name of a file in the cgroup, and of no other: "memory.high".
static bool is_cgroup_file(std::string_view name) {
    return !name.empty() && name.contains('.') && !name.starts_with('.') &&
           !name.starts_with("cgroup.") &&
           name.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"
               "-") == name.npos &&
           !name.contains("..");
}

static Result<> add_unified(const std::map<std::string, std::string>& unified,
                            std::vector<CgroupWrite>& writes) {
    for (const auto& [file, value] : unified) {
        if (!is_cgroup_file(file))
            return Error(Error::Kind::usage, "'{}' is no file of a controller, such as memory.high",
                         excerpt(file));
        for (const std::string_view line : split(value, '\n'))  // the kernel takes one at a time
            if (!line.empty()) writes.push_back({.file = file, .value = std::string(line)});
    }
    return {};
}

Result<std::vector<CgroupWrite>> cgroup_writes(const oci::Resources& resources) {
    std::vector<CgroupWrite> writes;
    if (resources.network.class_id.value_or(0) != 0)
        return not_in_version_2("a class of network packets");
    if (!resources.network.priorities.empty())
        return not_in_version_2("a priority of network packets");
    TRY(add_memory(resources.memory, writes));
    TRY(add_cpu(resources.cpu, writes));
    if (resources.pids_limit) {
        const std::int64_t limit = *resources.pids_limit;
        writes.push_back({.file = "pids.max",
                          .value = limit_text(limit == 0 ? -1 : limit),
                          .optional = limit <= 0});
    }
    TRY(add_block(resources.block, writes));
    TRY(add_hugepages(resources.hugepages, writes));
    TRY(add_rdma(resources.rdma, writes));
    TRY(add_unified(resources.unified, writes));
    return writes;
}

std::vector<std::string> controllers_of(const std::vector<CgroupWrite>& writes) {
    std::vector<std::string> controllers;
    for (const CgroupWrite& write : writes) {
        if (write.optional) continue;
        std::string controller = write.file.substr(0, write.file.find('.'));
        if (std::ranges::find(controllers, controller) == controllers.end())
            controllers.push_back(std::move(controller));
    }
    return controllers;
}

// --- devices -------------------------------------------------------------------------------------

static Result<std::optional<std::uint32_t>> device_number(
    const std::optional<std::int64_t>& number) {
    if (number.value_or(-1) == -1) return std::optional<std::uint32_t>();
    if (*number < 0 || *number > UINT32_MAX)
        return Error(Error::Kind::usage, "{} is no number of a device", *number);
    return std::optional(static_cast<std::uint32_t>(*number));
}

static Result<std::uint32_t> device_access(std::string_view letters) {
    if (letters.empty()) return os::kEveryDeviceAccess;
    std::uint32_t access = 0;
    for (const char letter : letters) {
        if (letter == 'r')
            access |= BPF_DEVCG_ACC_READ;
        else if (letter == 'w')
            access |= BPF_DEVCG_ACC_WRITE;
        else if (letter == 'm')
            access |= BPF_DEVCG_ACC_MKNOD;
        else
            return Error(Error::Kind::usage, "'{}' is no access to a device: r, w and m are",
                         excerpt(letters));
    }
    return access;
}

static Result<os::DeviceRule> device_rule(const oci::DeviceRule& rule) {
    using Kind = os::DeviceRule::Kind;
    os::DeviceRule out{.allow = rule.allow};
    if (rule.type == "c" || rule.type == "u")
        out.kind = Kind::character;
    else if (rule.type == "b")
        out.kind = Kind::block;
    else if (!rule.type.empty() && rule.type != "a")
        return Error(Error::Kind::usage, "'{}' is no kind of device: a, b and c are",
                     excerpt(rule.type));
    out.major = TRY(device_number(rule.major));
    out.minor = TRY(device_number(rule.minor));
    out.access = TRY(device_access(rule.access));
    return out;
}

// null, zero, full, random, urandom, tty, console, ptmx and the terminals of devpts; and making,
// without using, any: "Default Devices" of the specification, and what runtimes add to it.
static std::vector<os::DeviceRule> usual_devices() {
    using Kind = os::DeviceRule::Kind;
    constexpr std::uint32_t kAll = os::kEveryDeviceAccess;
    std::vector<os::DeviceRule> rules = {
        {.allow = true, .kind = Kind::character, .access = BPF_DEVCG_ACC_MKNOD},
        {.allow = true, .kind = Kind::block, .access = BPF_DEVCG_ACC_MKNOD},
        {.allow = true, .kind = Kind::character, .major = 136, .access = kAll}};
    constexpr std::pair<std::uint32_t, std::uint32_t> kNumbers[] = {{1, 3}, {1, 5}, {1, 7}, {1, 8},
                                                                    {1, 9}, {5, 0}, {5, 1}, {5, 2}};
    for (const auto& [major, minor] : kNumbers)
        rules.push_back({.allow = true,
                         .kind = Kind::character,
                         .major = major,
                         .minor = minor,
                         .access = kAll});
    return rules;
}

Result<std::vector<os::DeviceRule>> device_rules(const std::vector<oci::DeviceRule>& rules) {
    std::vector<os::DeviceRule> out;
    out.reserve(rules.size());
    for (const oci::DeviceRule& rule : rules)
        out.push_back(TRY(device_rule(rule)));
    const std::vector<os::DeviceRule> usual = usual_devices();
    out.insert(out.end(), usual.begin(), usual.end());
    return out;
}

}  // namespace sbx::sandbox
