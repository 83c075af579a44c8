#include "os/scheduling.h"

#include <algorithm>
#include <array>
#include <span>

#include <linux/mempolicy.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"

namespace sbx::os {

namespace {

// struct sched_attr of linux/sched/types.h, which cannot be included beside sched.h.
struct Attributes {
    std::uint32_t size;
    std::uint32_t policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime;
    std::uint64_t deadline;
    std::uint64_t period;
};

struct Word {
    std::string_view text;
    std::uint64_t value;
};

}  // namespace

static Result<std::uint64_t> find(std::span<const Word> words, std::string_view text,
                                  const char* what) {
    for (const Word& word : words)
        if (word.text == text) return word.value;
    return Error(Error::Kind::usage, "'{}' is not {}", excerpt(text), what);
}

// No machine has more processors or nodes: NR_CPUS and MAX_NUMNODES of the kernel.
static constexpr unsigned kMost = 8192;
static constexpr unsigned kBits = sizeof(unsigned long) * 8;

Result<std::vector<unsigned>> parse_number_list(std::string_view text) {
    std::vector<unsigned> numbers;
    for (const std::string_view part : split(text, ',')) {
        const auto ends = halves(part, '-');
        const std::int64_t first =
            TRY(parse_number(ends ? ends->before : part, 0, kMost - 1), "'{}'", excerpt(text));
        const std::int64_t last =
            ends ? TRY(parse_number(ends->after, first, kMost - 1), "'{}'", excerpt(text)) : first;
        for (std::int64_t number = first; number <= last; ++number)
            numbers.push_back(static_cast<unsigned>(number));
    }
    std::ranges::sort(numbers);
    const auto doubled = std::ranges::unique(numbers);
    numbers.erase(doubled.begin(), doubled.end());
    return numbers;
}

// A mask of bits, as the kernel takes sets of numbers.
static std::vector<unsigned long> mask_of(const std::vector<unsigned>& numbers) {
    std::vector<unsigned long> mask(kMost / kBits);
    for (const unsigned number : numbers)
        mask.at(number / kBits) |= 1UL << (number % kBits);
    return mask;
}

Result<std::uint32_t> parse_scheduling_policy(std::string_view text) {
    static constexpr Word kPolicies[] = {
        {"SCHED_OTHER", SCHED_OTHER}, {"SCHED_FIFO", SCHED_FIFO}, {"SCHED_RR", SCHED_RR},
        {"SCHED_BATCH", SCHED_BATCH}, {"SCHED_ISO", 4},           {"SCHED_IDLE", SCHED_IDLE},
        {"SCHED_DEADLINE", 6}};
    return static_cast<std::uint32_t>(TRY(find(kPolicies, text, "a scheduling policy")));
}

Result<std::uint64_t> parse_scheduling_flag(std::string_view text) {
    static constexpr Word kFlags[] = {
        {"SCHED_FLAG_RESET_ON_FORK", 0x01}, {"SCHED_FLAG_RECLAIM", 0x02},
        {"SCHED_FLAG_DL_OVERRUN", 0x04},    {"SCHED_FLAG_KEEP_POLICY", 0x08},
        {"SCHED_FLAG_KEEP_PARAMS", 0x10},   {"SCHED_FLAG_UTIL_CLAMP_MIN", 0x20},
        {"SCHED_FLAG_UTIL_CLAMP_MAX", 0x40}};
    return find(kFlags, text, "a flag of a scheduler");
}

Result<> set_scheduler(const Scheduler& scheduler) {
    const Attributes attributes{.size = sizeof attributes,
                                .policy = scheduler.policy,
                                .flags = scheduler.flags,
                                .nice = scheduler.nice,
                                .priority = scheduler.priority,
                                .runtime = scheduler.runtime,
                                .deadline = scheduler.deadline,
                                .period = scheduler.period};
    if (::syscall(SYS_sched_setattr, 0, &attributes, 0) == 0) return {};
    return Error::from_errno(errno, "set the scheduler");
}

Result<IoPriority> parse_io_priority(std::string_view io_class, int level) {
    static constexpr Word kClasses[] = {
        {"IOPRIO_CLASS_RT", 1}, {"IOPRIO_CLASS_BE", 2}, {"IOPRIO_CLASS_IDLE", 3}};
    const auto number = static_cast<int>(TRY(find(kClasses, io_class, "a class of I/O priority")));
    if (level < 0 || level > 7)
        return Error(Error::Kind::usage, "the I/O priority {} is not one of 0 to 7", level);
    return IoPriority{.io_class = number, .level = level};
}

Result<> set_io_priority(const IoPriority& priority) {
    constexpr int kProcess = 1;  // IOPRIO_WHO_PROCESS
    constexpr int kShift = 13;   // IOPRIO_CLASS_SHIFT
    if (::syscall(SYS_ioprio_set, kProcess, 0, priority.io_class << kShift | priority.level) == 0)
        return {};
    return Error::from_errno(errno, "set the I/O priority");
}

Result<std::vector<unsigned>> affinity() {
    std::vector<unsigned long> mask = mask_of({});
    if (::syscall(SYS_sched_getaffinity, 0, mask.size() * sizeof mask.front(), mask.data()) < 0)
        return Error::from_errno(errno, "read which processors are ours");
    std::vector<unsigned> numbers;
    for (unsigned number = 0; number < kMost; ++number)
        if ((mask[number / kBits] >> (number % kBits) & 1) != 0) numbers.push_back(number);
    return numbers;
}

Result<> set_affinity(const std::vector<unsigned>& processors) {
    const std::vector<unsigned long> mask = mask_of(processors);
    if (::syscall(SYS_sched_setaffinity, 0, mask.size() * sizeof mask.front(), mask.data()) == 0)
        return {};
    return Error::from_errno(errno, "choose processors");
}

static constexpr Word kMemoryModes[] = {
    {"MPOL_DEFAULT", MPOL_DEFAULT}, {"MPOL_PREFERRED", MPOL_PREFERRED},
    {"MPOL_BIND", MPOL_BIND},       {"MPOL_INTERLEAVE", MPOL_INTERLEAVE},
    {"MPOL_LOCAL", MPOL_LOCAL},     {"MPOL_PREFERRED_MANY", 5},
    {"MPOL_WEIGHTED_INTERLEAVE", 6}};

static constexpr Word kMemoryFlags[] = {{"MPOL_F_STATIC_NODES", MPOL_F_STATIC_NODES},
                                        {"MPOL_F_RELATIVE_NODES", MPOL_F_RELATIVE_NODES},
                                        {"MPOL_F_NUMA_BALANCING", 1U << 13}};

static std::vector<std::string> texts_of(std::span<const Word> words) {
    std::vector<std::string> texts;
    for (const Word& word : words)
        texts.emplace_back(word.text);
    return texts;
}

std::vector<std::string> memory_modes() { return texts_of(kMemoryModes); }
std::vector<std::string> memory_flags() { return texts_of(kMemoryFlags); }

Result<int> parse_memory_mode(std::string_view text) {
    return static_cast<int>(TRY(find(kMemoryModes, text, "a memory policy")));
}

Result<int> parse_memory_flag(std::string_view text) {
    return static_cast<int>(TRY(find(kMemoryFlags, text, "a flag of a memory policy")));
}

// The kernel looks at one bit less than it is told of.
Result<> set_memory_policy(const MemoryPolicy& policy) {
    const std::vector<unsigned long> mask = mask_of(policy.nodes);
    const bool none = policy.nodes.empty();
    const long set = ::syscall(SYS_set_mempolicy, policy.mode, none ? nullptr : mask.data(),
                               none ? 0UL : policy.nodes.back() + 2UL);
    if (set == 0) return {};
    return Error::from_errno(errno, "set the memory policy");
}

Result<unsigned long> parse_personality(std::string_view domain) {
    static constexpr Word kDomains[] = {{"LINUX", PER_LINUX}, {"LINUX32", PER_LINUX32}};
    return static_cast<unsigned long>(TRY(find(kDomains, domain, "a personality")));
}

Result<> set_personality(unsigned long domain) {
    if (::personality(domain) >= 0) return {};
    return Error::from_errno(errno, "set the personality");
}

}  // namespace sbx::os
