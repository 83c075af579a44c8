#include "os/rlimits.h"

#include <array>

#include "base/text.h"

namespace sbx::os {

// By number, from RLIMIT_CPU on; asm-generic/resource.h has them so for all architectures here.
static constexpr std::array<std::string_view, 16> kNames = {
    "cpu",     "fsize", "data",  "stack",      "core",     "rss",  "nproc",  "nofile",
    "memlock", "as",    "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime"};

std::span<const std::string_view> all_rlimit_names() { return kNames; }

Result<int> parse_rlimit(std::string_view text) {
    std::string name = lower(text);
    if (name.starts_with("rlimit_")) name.erase(0, 7);
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (kNames[i] == name) return static_cast<int>(i);
    return Error(Error::Kind::usage, "'{}' is not a resource limit such as nofile", excerpt(text));
}

Result<rlimit> limit_of(int resource) {
    rlimit limit{};
    if (::getrlimit(static_cast<__rlimit_resource>(resource), &limit) == 0) return limit;
    return Error::from_errno(errno, "ask for limit {}",
                             kNames.at(static_cast<std::size_t>(resource)));
}

std::string limit_text(rlim_t value) {
    return value == RLIM_INFINITY ? "unlimited" : fmt::format("{}", value);
}

static Error cannot_set(int resource, const rlimit& limit) {
    return Error::from_errno(errno, "set limit {} to {}:{}",
                             kNames.at(static_cast<std::size_t>(resource)),
                             limit_text(limit.rlim_cur), limit_text(limit.rlim_max));
}

Result<> set_limit(int resource, const rlimit& limit) {
    if (::setrlimit(static_cast<__rlimit_resource>(resource), &limit) == 0) return {};
    return cannot_set(resource, limit);
}

Result<> raise_soft_limit(int resource) {
    rlimit limit = TRY(limit_of(resource));
    if (limit.rlim_cur == limit.rlim_max) return {};
    limit.rlim_cur = limit.rlim_max;
    return set_limit(resource, limit);
}

Result<> raise_hard_limit(pid_t process, int resource, rlim_t most) {
    const auto kind = static_cast<__rlimit_resource>(resource);
    rlimit limit{};
    if (::prlimit(process, kind, nullptr, &limit) == 0) {
        if (most <= limit.rlim_max) return {};
        limit.rlim_max = most;
        if (::prlimit(process, kind, &limit, nullptr) == 0) return {};
    }
    return cannot_set(resource, limit);
}

}  // namespace sbx::os
