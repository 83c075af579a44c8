#include "registry/courier.h"

#include "base/log.h"
#include "os/random.h"
#include "registry/retry.h"

namespace sbx::registry {

Courier::~Courier() {
    while (!errands_.empty())
        cancel(errands_.begin()->first);
}

Courier::Errand* Courier::find(Id id) {
    const auto errand = errands_.find(id);
    return errand == errands_.end() ? nullptr : errand->second.get();
}

Courier::Id Courier::send(Request request, Retries retries, Http::Done done) {
    const Id id = ++last_;
    auto errand = std::make_unique<Errand>(Errand{
        .id = id, .request = std::move(request), .retries = retries, .done = std::move(done)});
    attempt(*errands_.emplace(id, std::move(errand)).first->second);
    return id;
}

void Courier::attempt(Errand& errand) {
    errand.transfer = http_.start(errand.request, [this, &errand](Result<Response> result) {
        settle(errand, std::move(result));
    });
}

void Courier::settle(Errand& errand, Result<Response> result) {
    const bool again =
        result ? is_worth_another_try(result->status) : result.error().kind() == Error::Kind::busy;
    const int most = result ? errand.retries.after_refusal : errand.retries.after_silence;
    if (again && errand.attempt < most) {
        const auto asked = result ? result->retry_after : std::chrono::seconds(0);
        const auto delay = backoff(++errand.attempt, delay_, os::random_below(1024), asked);
        log::debug("another try of '{}' in {} ms", errand.request.url.without_query(),
                   delay.count());
        errand.transfer = 0;
        errand.timer = timers_.after(delay, [this, &errand] { attempt(errand); });
        return;
    }
    Http::Done done = std::move(errand.done);
    errands_.erase(errand.id);
    done(std::move(result));
}

void Courier::cancel(Id id) {
    const Errand* errand = find(id);
    if (!errand) return;
    timers_.cancel(errand->timer);
    http_.cancel(errand->transfer);
    errands_.erase(id);
}

}  // namespace sbx::registry
