#include "sandbox/cgroup_changes.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace sbx::sandbox {

static bool has_weights(std::string_view file) {
    return file == "io.weight" || file == "io.bfq.weight";
}

static bool has_named_limits(std::string_view file) {
    return file == "io.max" || file == "rdma.max" || file == "misc.max";
}

// "8:0 rbps=1 wbps=2" with what follows each '=' replaced, and "sev 5" with its number.
static std::string with_values(const std::string& text, std::string_view value) {
    if (!text.contains('='))
        if (const auto sides = halves(text, ' ')) return fmt::format("{} {}", sides->before, value);
    std::string out;
    for (const std::string_view word : split(text, ' ')) {
        if (!out.empty()) out += ' ';
        const auto sides = halves(word, '=');
        out += sides ? fmt::format("{}={}", sides->before, value) : std::string(word);
    }
    return out;
}

// "8:0 500" is of a device; "default 500", which is "500", of all others.
static std::optional<std::string_view> weighted_device(const CgroupWrite& write) {
    const auto sides = halves(write.value, ' ');
    if (!has_weights(write.file) || !sides || sides->before == "default") return std::nullopt;
    return sides->before;
}

// What a write sets, whatever to: two with the same subject take each other's place.
static std::string subject_of(const CgroupWrite& write) {
    if (has_named_limits(write.file)) return write.file + ' ' + with_values(write.value, "");
    const std::optional<std::string_view> device = weighted_device(write);
    return device ? fmt::format("{} {}", write.file, *device) : write.file;
}

// What a new cgroup has there.
static std::optional<std::string> usual_value(const std::string& file) {
    constexpr std::pair<std::string_view, std::string_view> kValues[] = {
        {"cpu.max", "max 100000"}, {"cpu.max.burst", "0"}, {"cpu.weight", "100"},
        {"cpu.idle", "0"},         {"memory.low", "0"},    {"memory.min", "0"},
        {"memory.high", "max"},    {"cpuset.cpus", "\n"},  {"cpuset.mems", "\n"}};
    for (const auto& [name, value] : kValues)
        if (name == file) return std::string(value);
    if (file.ends_with(".max")) return "max";
    return std::nullopt;
}

static std::string usual_weight(const CgroupWrite& write) {
    const std::optional<std::string_view> device = weighted_device(write);
    return device ? fmt::format("{} default", *device) : "100";
}

static std::optional<CgroupWrite> lifting(const CgroupWrite& write) {
    CgroupWrite lifted{.file = write.file, .value = {}, .optional = true};
    if (has_named_limits(write.file)) {
        lifted.value = with_values(write.value, "max");
    } else if (has_weights(write.file)) {
        lifted.value = usual_weight(write);
        lifted.other_file = write.other_file;
        if (!write.other_file.empty()) lifted.other_value = lifted.value;
    } else if (std::optional<std::string> value = usual_value(write.file)) {
        lifted.value = *std::move(value);
    } else {
        return std::nullopt;
    }
    return lifted;
}

static const CgroupWrite* find_same_subject(const std::vector<CgroupWrite>& writes,
                                            const CgroupWrite& one) {
    const std::string subject = subject_of(one);
    for (auto it = writes.rbegin(); it != writes.rend(); ++it)  // the last one counts
        if (subject_of(*it) == subject) return &*it;
    return nullptr;
}

Result<std::vector<CgroupWrite>> cgroup_changes(const oci::Resources& before,
                                                const oci::Resources& after) {
    const std::vector<CgroupWrite> had = TRY(cgroup_writes(before));
    const std::vector<CgroupWrite> wanted = TRY(cgroup_writes(after));
    std::vector<CgroupWrite> writes;
    for (const CgroupWrite& old : had)
        if (!find_same_subject(wanted, old))
            if (std::optional<CgroupWrite> lifted = lifting(old))
                writes.push_back(*std::move(lifted));
    for (const CgroupWrite& one : wanted) {
        const CgroupWrite* same = find_same_subject(had, one);
        if (!same || *same != one) writes.push_back(one);
    }
    return writes;
}

}  // namespace sbx::sandbox
