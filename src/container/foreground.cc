#include "container/foreground.h"

#include "base/log.h"
#include "container/conversation.h"
#include "container/monitor.h"
#include "container/supervise.h"
#include "container/typed_input.h"

namespace sbx::container {

static Result<int> run_attended(Life& life, const sandbox::Plan& plan, Attendance how,
                                const std::function<Result<>()>& meanwhile) {
    const Blueprint& blueprint = life.blueprint();
    os::Fd monitor = TRY(start_monitored(life, plan, meanwhile));
    how.input = how.input && blueprint.interactive;
    how.detach_keys = blueprint.detach_keys;
    return TRY(attend(std::move(monitor), how)).exit_code.value_or(0);
}

Result<> run_in_background(Life& life, const sandbox::Plan& plan,
                           const std::function<Result<>()>& meanwhile) {
    const os::Fd monitor = TRY(start_monitored(life, plan, meanwhile));
    const std::optional<HeardWord> heard = TRY(hear_word(monitor));
    if (heard && heard->word == Word::running) return {};
    return Error(Error::Kind::failed, "the container's monitor has ended early");
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
    std::optional<TypedInput> typed = TRY(TypedInput::take());
    const std::optional<Orphans> orphans = TRY(Orphans::adopt(plan));
    sandbox::Running running = TRY(life.start(plan, meanwhile));
    std::optional<Keyboard> keyboard;
    if (typed) keyboard.emplace(TRY(std::move(*typed).join()));
    (void)TRY(supervise({.program = running.init,
                         .signals = signals,
                         .keyboard = keyboard ? &*keyboard : nullptr,
                         .deadline = life.deadline()}));
    const os::ExitStatus status = TRY(reap(running, orphans));
    const Result<> recorded = life.end(status.code);
    if (!recorded) log::debug("{}", recorded.error().text());  // the person has the code
    return status.code;
}

// Nobody would read what is kept with a container that goes with its end. What the person wants
// less of comes through a monitor, too, and health is checked by one.
static bool needs_monitor(const Blueprint& blueprint, const Attendance& how) {
    if (blueprint.request.spec.process.terminal || blueprint.health) return true;
    const bool all_input = how.input || !blueprint.interactive;
    if (!how.output || !how.errors || !how.signals || !all_input) return true;
    if (blueprint.log.in_journal()) return true;  // which is read also when the container is gone
    return !blueprint.record.remove_after && !blueprint.log.passes_through();
}

Result<int> run_in_foreground(Life& life, const sandbox::Plan& plan, Attendance how,
                              const std::function<Result<>()>& meanwhile) {
    life.show();
    if (needs_monitor(life.blueprint(), how))
        return run_attended(life, plan, std::move(how), meanwhile);
    Result<int> code = run_directly(life, plan, meanwhile);
    if (code) return code;
    const Result<> ended = life.end_failed(exit_code_of(code.error()), code.error().text());
    if (!ended) log::debug("{}", ended.error().text());  // the first failure is the one to report
    return code;
}

}  // namespace sbx::container
