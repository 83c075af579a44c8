#include "registry/download.h"

#include "base/log.h"
#include "base/text.h"
#include "os/random.h"
#include "registry/refusal.h"
#include "registry/retry.h"

namespace sbx::registry {

static constexpr int kMostFailures = 5;
static constexpr std::uint64_t kProgress = std::uint64_t{1} << 20;  // makes up for the failures

Download::Download(Session& session, os::Timers& timers, Job job)
    : session_(session), timers_(timers), job_(std::move(job)), at_(job_.from), furthest_(at_) {
    stream_ = [this](const Response& head, std::string_view bytes) { return take(head, bytes); };
}

Download::~Download() {
    timers_.cancel(timer_);
    session_.cancel(exchange_);
}

void Download::start(Done done) {
    done_ = std::move(done);
    timer_ = timers_.after(std::chrono::milliseconds(0), [this] {
        if (at_ == job_.descriptor.size) return finish({});
        ask();
    });
}

void Download::ask() {
    placed_ = false;
    trouble_ = Trouble::none;
    const Endpoint& endpoint = job_.endpoints[endpoint_];
    Question question{.endpoint = endpoint,
                      .target = fmt::format("/v2/{}/blobs/{}", endpoint.repository,
                                            job_.descriptor.digest.text()),
                      .stream = &stream_,
                      .retries = endpoint.kind == Endpoint::Kind::mirror ? 0 : job_.retries};
    if (at_ > 0) question.headers.push_back(fmt::format("Range: bytes={}-", at_));
    exchange_ = session_.ask(std::move(question),
                             [this](Result<Response> result) { settle(std::move(result)); });
}

Result<> Download::stop(Trouble trouble, Error error) {
    trouble_ = trouble;
    return error;
}

Result<> Download::begin_again() {
    Result<> restarted = job_.sink.restart();
    if (!restarted) return stop(Trouble::bad_sink, std::move(restarted).error());
    at_ = 0;
    return {};
}

// A part that does not begin where the sink waits is of no use, nor is one of another whole.
Result<> Download::place_part(const Response& head) {
    const Result<ContentRange> range = parse_content_range(head.headers.find("content-range"));
    const bool fits = range && head.headers.all("content-range").size() == 1 &&
                      range->first == at_ && range->last < job_.descriptor.size &&
                      range->size.value_or(job_.descriptor.size) == job_.descriptor.size;
    if (fits) return {};
    return stop(Trouble::wrong_place,
                Error(Error::Kind::busy, "'{}' sends '{}', where byte {} of {} was to come next",
                      head.url.origin().authority(), excerpt(head.headers.find("content-range")),
                      at_, job_.descriptor.size));
}

Result<> Download::place(const Response& head) {
    if (is_web_page(head)) return stop(Trouble::bad_endpoint, not_a_registry(head));
    if (head.status == 206) return place_part(head);
    return at_ > 0 ? begin_again() : Result<>();
}

Result<> Download::take(const Response& head, std::string_view bytes) {
    if (!placed_) TRY(place(head));
    placed_ = true;
    if (bytes.size() > job_.descriptor.size - at_)
        return stop(Trouble::bad_endpoint,
                    Error(Error::Kind::failed, "'{}' sends more than the {} bytes it should have",
                          head.url.origin().authority(), job_.descriptor.size));
    Result<> added = job_.sink.add(bytes);
    if (!added) return stop(Trouble::bad_sink, std::move(added).error());
    at_ += bytes.size();
    if (at_ > furthest_) progress_ += at_ - std::exchange(furthest_, at_);
    return {};
}

void Download::settle(Result<Response> result) {
    exchange_ = 0;
    if (!result) {
        // Without an answer the session has tried often enough, unless there was progress before.
        const bool was_moving = result.error().kind() == Error::Kind::busy && at_ > job_.from;
        return was_moving ? try_again(std::move(result).error())
                          : try_elsewhere(std::move(result).error());
    }
    if (std::optional<Error> broken = std::move(result->broken)) {
        if (trouble_ == Trouble::bad_sink) return finish(*std::move(broken));
        const bool final = trouble_ == Trouble::bad_endpoint || broken->kind() != Error::Kind::busy;
        return final ? try_elsewhere(*std::move(broken)) : try_again(*std::move(broken));
    }
    const bool beyond = result->status == 416 && at_ > 0;
    if (beyond) trouble_ = Trouble::wrong_place;
    if (!beyond && result->status != 200 && result->status != 206)
        return try_elsewhere(is_web_page(*result) ? not_a_registry(*result) : refusal(*result));
    if (at_ == job_.descriptor.size) return finish({});
    try_again(Error(Error::Kind::failed, "'{}' ends it after {} bytes of {}",
                    result->url.origin().authority(), at_, job_.descriptor.size));
}

void Download::try_again(Error error) {
    if (progress_ >= kProgress) failures_ = 0;
    progress_ = 0;
    if (++failures_ >= kMostFailures || job_.retries == 0) return try_elsewhere(std::move(error));
    if (trouble_ == Trouble::wrong_place) {
        Result<> restarted = begin_again();
        if (!restarted) return finish(std::move(restarted).error());
    }
    log::debug("another try of {}: {}", job_.descriptor.digest.text(), error.text());
    const auto delay = backoff(failures_, job_.retry_delay, os::random_below(1024));
    timer_ = timers_.after(delay, [this] { ask(); });
}

// The next endpoint may have the blob; what the one before sent is not to be mixed into it.
void Download::try_elsewhere(Error error) {
    if (endpoint_ + 1 == job_.endpoints.size()) return finish(std::move(error));
    log::debug("mirror '{}': {}", job_.endpoints[endpoint_].host, error.text());
    ++endpoint_;
    failures_ = 0;
    progress_ = furthest_ = 0;
    if (at_ != job_.from) {
        Result<> restarted = begin_again();
        if (!restarted) return finish(std::move(restarted).error());
    }
    timer_ = timers_.after(std::chrono::milliseconds(0), [this] { ask(); });
}

Result<> Download::described(Result<> outcome) const {
    if (outcome) return outcome;
    Error error = std::move(outcome).error();
    if (at_ > 0)
        error = std::move(error).context(fmt::format("at {} %", at_ * 100 / job_.descriptor.size));
    return std::move(error).context(
        fmt::format("fetching blob '{}' of '{}'", job_.descriptor.digest.text(), job_.repository));
}

void Download::finish(Result<> outcome) {
    Done done = std::move(done_);
    done(described(std::move(outcome)));
}

}  // namespace sbx::registry
