#include "container/health_watch.h"

#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "container/health_check.h"
#include "os/memory.h"
#include "store/events.h"

namespace sbx::container {

using std::chrono::milliseconds;

// How the process of a check ends: what the health is by then, or that nothing was recorded.
static constexpr int kNothing = 10;

static int code_of(HealthStatus status) { return static_cast<int>(status); }

// It has nothing of its monitor's but the store: those who look on, and the program, are to see
// the end of what the monitor closes.
static Result<Health> check(const Life& life) {
    const store::Store& store = life.store();
    TRY(os::die_with_parent());
    TRY(os::close_all_but({os::FdView::number(0), os::FdView::number(1), os::FdView::number(2),
                           store.data(), store.runtime()}));
    const store::Containers containers = TRY(store::Containers::open(store));
    return check_health(containers, life.blueprint());
}

[[noreturn]] static void checker_main(const Life& life) {
    const Result<Health> health = check(life);
    if (!health) log::debug("{}", health.error().text());
    ::_exit(health ? code_of(health->status) : kNothing);
}

// Its process was stuck on the way into the container, or was killed by somebody else.
static HealthResult overdue() {
    const Instant end = now();
    return {.start = end,
            .end = end,
            .exit_code = HealthResult::kNone,
            .output = "the check was lost: its process was killed"};
}

static Result<Health> record(const Life& life, HealthResult result) {
    const store::Containers containers = TRY(store::Containers::open(life.store()));
    const std::optional<store::LiveState> live = containers.live(life.id());
    if (!live) return Error(Error::Kind::failed, "the container does not run");
    return record_health(containers, life.blueprint(), *live, std::move(result));
}

Result<std::unique_ptr<HealthWatch>> HealthWatch::begin(os::Poll& poll, const Life& life,
                                                        Unhealthy unhealthy) {
    const std::optional<HealthCheck>& check = life.blueprint().health;
    if (!check) return std::unique_ptr<HealthWatch>();
    std::unique_ptr<HealthWatch> watch(new HealthWatch(poll, life, *check, std::move(unhealthy)));
    watch->timers_ = TRY(os::Timers::open(poll));
    watch->wait_for_next();
    return watch;
}

HealthWatch::~HealthWatch() {
    if (checker_) poll_.unwatch(checker_->pidfd());
}

void HealthWatch::wait_for_next() {
    const auto delay = check_.delay(known_, os::Poll::Clock::now() - begun_);
    if (delay <= delay.zero()) return;
    timers_->after(std::chrono::ceil<milliseconds>(delay), [this] { start_check(); });
}

void HealthWatch::start_check() {
    constexpr milliseconds kGrace(5000);
    Result<os::Process> checker = os::spawn(0, [this] { checker_main(life_); });
    if (!checker)
        return conclude(recorded({.start = now(),
                                  .end = now(),
                                  .exit_code = HealthResult::kNone,
                                  .output = checker.error().text()}));
    checker_.emplace(*std::move(checker));
    poll_.watch(checker_->pidfd(), POLLIN, [this](short) { return on_end(); });
    overdue_ =
        timers_->after(std::chrono::ceil<milliseconds>(check_.config.timeout) + kGrace, [this] {
            if (checker_) (void)checker_->signal(SIGKILL);  // it may just end
        });
}

// Once for each time that it becomes another.
void HealthWatch::tell(int code) {
    const bool known = code >= 0 && code <= code_of(HealthStatus::unhealthy);
    if (!known || code == std::exchange(told_, code)) return;
    const auto status = static_cast<HealthStatus>(code);
    store::note(life_.store(), store::event_of(life_.blueprint().record,
                                               fmt::format("health_status: {}", name_of(status))));
}

// The status that is known now, or kNothing.
int HealthWatch::recorded(HealthResult result) const {
    const Result<Health> health = record(life_, std::move(result));
    return health ? code_of(health->status) : kNothing;
}

Result<> HealthWatch::on_end() {
    if (!checker_) return {};
    timers_->cancel(overdue_);
    poll_.unwatch(checker_->pidfd());
    int code = checker_->wait().value_or(os::ExitStatus{.code = kNothing}).code;
    checker_.reset();
    if (code == 128 + SIGKILL) code = recorded(overdue());
    conclude(code);
    os::forget_program_pages();  // it may be long until the next
    return {};
}

void HealthWatch::conclude(int code) {
    if (code == code_of(HealthStatus::healthy) || code == code_of(HealthStatus::unhealthy))
        known_ = HealthCheck::Known::yes;
    tell(code);
    wait_for_next();
    if (code == code_of(HealthStatus::unhealthy)) unhealthy_(check_.on_failure);
}

}  // namespace sbx::container
