#include "container/foreground.h"

#include "base/log.h"
#include "container/monitor.h"
#include "container/session.h"
#include "container/supervise.h"

namespace sbx::container {

static Result<int> run_with_terminal(Life& life, const sandbox::Plan& plan,
                                     const std::function<Result<>()>& meanwhile) {
    const Blueprint& blueprint = life.blueprint();
    os::Fd monitor = TRY(start_monitored(life, plan, meanwhile));
    const Relay::Input input = blueprint.interactive ? Relay::Input::forwarded : Relay::Input::none;
    const SessionEnd end = TRY(attend(std::move(monitor), input, blueprint.detach_keys));
    return end.exit_code.value_or(0);
}

static Result<> close_input() {
    const os::Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!null) return Error::from_errno(errno, "open '/dev/null'");
    return os::place_at(null, 0);
}

static Result<int> run_directly(Life& life, const sandbox::Plan& plan,
                                const std::function<Result<>()>& meanwhile) {
    os::SignalQueue signals = TRY(os::SignalQueue::open(forwarded_signals()));
    if (!life.blueprint().interactive) TRY(close_input());
    const std::optional<Orphans> orphans = TRY(Orphans::adopt(plan));
    sandbox::Running running = TRY(life.start(plan, meanwhile));
    (void)TRY(
        supervise({.program = running.init, .signals = signals, .deadline = life.deadline()}));
    const os::ExitStatus status = TRY(reap(running, orphans));
    TRY(life.end(status.code));
    return status.code;
}

Result<int> run_in_foreground(Life& life, const sandbox::Plan& plan,
                              const std::function<Result<>()>& meanwhile) {
    if (plan.program.terminal) return run_with_terminal(life, plan, meanwhile);
    Result<int> code = run_directly(life, plan, meanwhile);
    if (code) return code;
    const Result<> ended = life.end_failed(exit_code_of(code.error()), code.error().text());
    if (!ended) log::debug("{}", ended.error().text());  // the first failure is the one to report
    return code;
}

}  // namespace sbx::container
