// What is asked for a container's health: --health-cmd and the like, and the image's Healthcheck.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/json.h"
#include "oci/healthcheck.h"

namespace sbx::container {

// In the words of the command line; what is empty was not given. podman-run(1), docker-run(1).
struct HealthOptions {
    std::string command = {};   // for /bin/sh, a JSON array, or "none"
    std::string interval = {};  // a length of time, or "disable"
    std::string timeout = {};   // a length of time, as the next two
    std::string start_period = {};
    std::string start_interval = {};
    std::string retries = {};
    std::string on_failure = {};  // "none", "kill", "stop", "restart"
    bool off = false;             // --no-healthcheck
};

struct HealthCheck {
    enum class Action : std::uint8_t { none, kill, stop, restart };

    // Nothing of it is left to defaults, but for an interval of zero: it is run when somebody asks
    // for that, and never by itself.
    oci::Healthcheck config = {};
    Action on_failure = Action::none;  // what becomes of a container that is unhealthy

    // How long after its start, or after the last check, a container is checked that has run for
    // `age`, and whose health is not known yet where it is `starting`. Zero: never.
    enum class Known : std::uint8_t { yes, starting };
    std::chrono::nanoseconds delay(Known known, std::chrono::nanoseconds age) const;
};

// Each option goes before what the image says, and that before docker's defaults. Nothing where
// there is no check. Kind::usage with the name of an option that is wrong, or has no check to be
// about.
Result<std::optional<HealthCheck>> compose_health(const HealthOptions& options,
                                                  const std::optional<oci::Healthcheck>& image);

// The same of a check that is there: what is not named stays.
Result<std::optional<HealthCheck>> change_health(const HealthOptions& options, HealthCheck check);

const char* name_of(HealthCheck::Action action);

Json to_json(const HealthCheck& check);
Result<HealthCheck> health_check_from(const Json& json);

}  // namespace sbx::container
