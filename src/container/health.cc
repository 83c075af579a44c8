#include "container/health.h"

#include <climits>

#include "base/text.h"
#include "os/file.h"

namespace sbx::container {

static constexpr const char* kFile = "health.json";
static constexpr const char* kLock = "health";

const char* name_of(HealthStatus status) {
    switch (status) {
        case HealthStatus::starting: return "starting";
        case HealthStatus::healthy: return "healthy";
        case HealthStatus::unhealthy: return "unhealthy";
    }
    std::unreachable();
}

Result<HealthStatus> parse_health_status(std::string_view text) {
    for (const HealthStatus status :
         {HealthStatus::starting, HealthStatus::healthy, HealthStatus::unhealthy})
        if (text == name_of(status)) return status;
    return Error(Error::Kind::usage, "'{}' is not starting, healthy or unhealthy", excerpt(text));
}

void Health::add(HealthResult result, const HealthCheck& check, Instant started) {
    const bool early = result.start - started < check.config.start_period;
    const bool counts = status != HealthStatus::starting || !early;
    if (result.exit_code == 0) {
        failing_streak = 0;
        status = HealthStatus::healthy;
    } else if (counts && failing_streak < INT_MAX && ++failing_streak >= check.config.retries) {
        status = HealthStatus::unhealthy;
    }
    if (log.size() >= kMostResults) log.erase(log.begin());
    log.push_back(std::move(result));
}

static Json to_json(const HealthResult& result) {
    return Json::object()
        .set("Start", rfc3339(result.start))
        .set("End", rfc3339(result.end))
        .set("ExitCode", result.exit_code)
        .set("Output", result.output);
}

Json to_json(const Health& health) {
    Json log = Json::array();
    for (const HealthResult& result : health.log)
        log.push(to_json(result));
    return Json::object()
        .set("Status", name_of(health.status))
        .set("FailingStreak", health.failing_streak)
        .set("Log", std::move(log));
}

static Result<HealthResult> result_from(const Json& json) {
    const std::string start = TRY(json.get<std::string>("Start"));
    const std::string end = TRY(json.get<std::string>("End"));
    HealthResult result{.start = TRY(parse_rfc3339(start))};
    result.end = TRY(parse_rfc3339(end));
    result.exit_code = static_cast<int>(TRY(json.get<std::int64_t>("ExitCode")));
    result.output = TRY(json.get<std::string>("Output"));
    return result;
}

Result<Health> health_from(const Json& json) {
    const std::string status = TRY(json.get<std::string>("Status"));
    Health health{.status = TRY(parse_health_status(status))};
    health.failing_streak = static_cast<int>(TRY(json.get<std::int64_t>("FailingStreak")));
    for (const Json& result : *TRY(json.array_at("Log")))
        health.log.push_back(TRY(result_from(result)));
    return health;
}

Result<os::Lock> lock_health(os::FdView folder) {
    constexpr std::chrono::milliseconds kPatience(1000);
    return os::Lock::take(folder, kLock, os::Share::exclusive, kPatience);
}

Result<> write_health(os::FdView folder, const Health& health) {
    return os::write_atomic(folder, kFile, to_json(health).dump(),
                            {.durability = os::Durability::until_reboot});
}

std::optional<Health> read_health(os::FdView folder) {
    constexpr std::size_t kLargest = std::size_t{1} << 16;
    const Result<std::string> text = os::read_file(folder, kFile, kLargest);
    if (!text) return std::nullopt;
    const Result<Json> json = Json::parse(*text);
    if (!json) return std::nullopt;
    Result<Health> health = health_from(*json);
    return health ? std::optional(*std::move(health)) : std::nullopt;
}

}  // namespace sbx::container
