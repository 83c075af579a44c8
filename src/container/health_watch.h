// The checks of a container's health, at their times, while its monitor does other things.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/error.h"
#include "container/health.h"
#include "container/life.h"
#include "os/poll.h"
#include "os/process.h"
#include "os/timers.h"

namespace sbx::container {

// Each check is a process of its own, so that nothing in the container can hold its monitor up. The
// one that is under way at the end of this value is killed.
class HealthWatch {
public:
    // With what is to become of a container that is unhealthy; after each check that finds so.
    using Unhealthy = std::function<void(HealthCheck::Action action)>;

    // Of a container that was just started; nothing where it has no check. `poll` and `life` have
    // to outlive it.
    static Result<std::unique_ptr<HealthWatch>> begin(os::Poll& poll, const Life& life,
                                                      Unhealthy unhealthy);
    ~HealthWatch();
    HealthWatch(const HealthWatch&) = delete;
    HealthWatch& operator=(const HealthWatch&) = delete;

private:
    HealthWatch(os::Poll& poll, const Life& life, const HealthCheck& check, Unhealthy unhealthy)
        : poll_(poll), life_(life), check_(check), unhealthy_(std::move(unhealthy)) {}

    void wait_for_next();
    void start_check();
    Result<> on_end();
    int recorded(HealthResult result) const;
    void conclude(int code);
    void tell(int code);

    os::Poll& poll_;
    const Life& life_;
    const HealthCheck& check_;
    Unhealthy unhealthy_;
    os::Poll::Clock::time_point begun_ = os::Poll::Clock::now();
    std::unique_ptr<os::Timers> timers_ = {};
    std::optional<os::Process> checker_ = {};
    os::Timers::Id overdue_ = 0;
    HealthCheck::Known known_ = HealthCheck::Known::starting;
    int told_ = 0;  // the last status that an event told: it begins as starting
};

}  // namespace sbx::container
