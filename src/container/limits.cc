#include "container/limits.h"

#include <algorithm>

#include "base/text.h"
#include "os/rlimits.h"

namespace sbx::container {

static std::string oci_name(int resource) {
    std::string name = "RLIMIT_";
    for (const char c : os::all_rlimit_names()[static_cast<std::size_t>(resource)])
        name += static_cast<char>(c - 'a' + 'A');
    return name;
}

static Result<std::uint64_t> parse_value(std::string_view wish, std::string_view text) {
    if (text == "-1" || text == "unlimited") return RLIM_INFINITY;
    const Result<std::int64_t> value = parse_number(text, 0, INT64_MAX);
    if (value) return static_cast<std::uint64_t>(*value);
    return Error(Error::Kind::usage, "--ulimit {}: '{}' is not a limit", excerpt(wish),
                 excerpt(text))
        .hint("NAME=SOFT[:HARD], for example nofile=1024:4096");
}

static Result<oci::Rlimit> parse_limit(const std::string& wish) {
    const auto sides = halves(wish, '=');
    if (!sides)
        return Error(Error::Kind::usage, "--ulimit {}: NAME=SOFT[:HARD] belongs there",
                     excerpt(wish));
    const int resource = TRY(os::parse_rlimit(sides->before), "--ulimit {}", excerpt(wish));
    const auto values = halves(sides->after, ':');
    oci::Rlimit limit{.type = oci_name(resource)};
    limit.soft = TRY(parse_value(wish, values ? values->before : sides->after));
    limit.hard = values ? TRY(parse_value(wish, values->after)) : limit.soft;
    if (limit.soft > limit.hard)
        return Error(Error::Kind::usage, "--ulimit {}: the soft limit is above the hard one",
                     excerpt(wish));
    return limit;
}

static void put(std::vector<oci::Rlimit>& limits, oci::Rlimit limit) {
    std::erase_if(limits, [&](const oci::Rlimit& known) { return known.type == limit.type; });
    limits.push_back(std::move(limit));
}

// Programs that close every descriptor they might have take long where there might be a billion.
static Result<std::vector<oci::Rlimit>> default_limits() {
    constexpr rlim_t kOpenFiles = 65536;
    const rlimit files = TRY(os::limit_of(RLIMIT_NOFILE));
    const rlimit core = TRY(os::limit_of(RLIMIT_CORE));
    return std::vector<oci::Rlimit>{{.type = "RLIMIT_NOFILE",
                                     .soft = std::min(kOpenFiles, files.rlim_max),
                                     .hard = files.rlim_max},
                                    {.type = "RLIMIT_CORE", .soft = 0, .hard = core.rlim_max}};
}

Result<std::vector<oci::Rlimit>> compose_limits(const std::vector<std::string>& wishes) {
    const bool host = std::ranges::find(wishes, "host") != wishes.end();
    std::vector<oci::Rlimit> limits;
    if (!host) limits = TRY(default_limits());
    for (const std::string& wish : wishes)
        if (wish != "host") put(limits, TRY(parse_limit(wish)));
    return limits;
}

Result<std::map<std::string, std::string>> parse_sysctls(const std::vector<std::string>& texts) {
    std::map<std::string, std::string> sysctls;
    for (const std::string& text : texts) {
        const auto sides = halves(text, '=');
        if (!sides || sides->before.empty())
            return Error(Error::Kind::usage, "--sysctl {}: NAME=VALUE belongs there",
                         excerpt(text));
        sysctls[std::string(sides->before)] = sides->after;
    }
    return sysctls;
}

Result<std::uint32_t> parse_umask(std::string_view text) {
    const bool octal =
        !text.empty() && text.size() <= 4 && text.find_first_not_of("01234567") == text.npos;
    std::uint32_t mask = 0;
    if (octal)
        for (const char c : text)
            mask = mask * 8 + static_cast<std::uint32_t>(c - '0');
    if (octal && mask <= 0777) return mask;
    return Error(Error::Kind::usage, "--umask {}: an octal number up to 0777 belongs there",
                 excerpt(text));
}

}  // namespace sbx::container
