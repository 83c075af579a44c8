// The health of a container that runs: what its checks have found, and what follows by docker's
// rules. It is kept in the container's runtime folder, until its next start.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/time.h"
#include "container/health_options.h"
#include "os/fd.h"
#include "os/lock.h"

namespace sbx::container {

enum class HealthStatus : std::uint8_t { starting, healthy, unhealthy };

const char* name_of(HealthStatus status);  // "healthy"
Result<HealthStatus> parse_health_status(std::string_view text);

// Of one check.
struct HealthResult {
    static constexpr int kNone = -1;  // it did not end by itself, or never ran
    static constexpr std::size_t kMostOutput = 500;

    Instant start = {};
    Instant end = {};
    int exit_code = 0;
    std::string output = {};  // its first bytes, what it wrote to both streams
};

struct Health {
    static constexpr std::size_t kMostResults = 5;

    HealthStatus status = HealthStatus::starting;
    int failing_streak = 0;
    std::vector<HealthResult> log = {};  // the last ones, oldest first

    // One more result, of a container that was started at that time. Any success makes it healthy;
    // so many failures in a row as `check` says make it unhealthy. Before the first success those
    // within the start period do not count.
    void add(HealthResult result, const HealthCheck& check, Instant started);
};

Json to_json(const Health& health);  // the State.Health of `inspect`
Result<Health> health_from(const Json& json);

// In the runtime folder. Who changes it holds the lock from before it was read.
Result<os::Lock> lock_health(os::FdView folder);
Result<> write_health(os::FdView folder, const Health& health);
std::optional<Health> read_health(os::FdView folder);  // nothing where it has no check

}  // namespace sbx::container
