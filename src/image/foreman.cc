#include "image/foreman.h"

#include <algorithm>

#include <sched.h>

#include "os/socket.h"

namespace sbx::image {

// As many as there are cores; one more, as a worker often waits for its blob to arrive.
static std::size_t sensible_workers() {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (::sched_getaffinity(0, sizeof cores, &cores) != 0) return 2;
    return static_cast<std::size_t>(CPU_COUNT(&cores)) + 1;
}

Foreman::Foreman(os::FdView line, os::FdView staging, Ownership ownership)
    : line_(line), staging_(staging), ownership_(ownership), most_workers_(sensible_workers()) {}

Result<> Foreman::run() {
    poll_.watch(line_, POLLIN, [this](short) { return hear(); });
    while (!caller_gone_)
        (void)TRY(poll_.wait());
    return {};
}

Result<> Foreman::hear() {
    std::optional<os::Message> message = TRY(os::receive_message(line_));
    caller_gone_ = !message;
    if (caller_gone_) return {};
    UnpackRequest request = TRY(parse_request(message->bytes));
    if (request.verb == UnpackRequest::Verb::abandon) {
        abandon(request.number);
        return start_next();
    }
    if (message->fds.size() != 3)
        return Error(Error::Kind::failed, "a request came without its descriptors");
    waiting_.push_back({.request = std::move(request),
                        .ownership = ownership_,
                        .blob = std::move(message->fds[0]),
                        .arrivals = std::move(message->fds[1]),
                        .answer = std::move(message->fds[2])});
    return start_next();
}

Result<> Foreman::start_next() {
    while (!waiting_.empty() && workers_.size() < most_workers_) {
        LayerJob job = std::move(waiting_.front());
        waiting_.pop_front();
        TRY(start(std::move(job)));
    }
    return {};
}

static void worker_main(const LayerJob& job, os::FdView staging) {
    const Result<Unpacked> answer = [&]() -> Result<Unpacked> {
        TRY(os::die_with_parent());
        TRY(os::close_all_but({os::FdView::number(0), os::FdView::number(1), os::FdView::number(2),
                               staging, job.blob, job.arrivals, job.answer}));
        return unpack_layer(job, staging);
    }();
    const Result<> sent = os::send_message(job.answer, pack(answer));
    ::_exit(sent ? 0 : 1);
}

Result<> Foreman::start(LayerJob job) {
    Result<os::Process> process = os::spawn(0, [&] { worker_main(job, staging_); });
    if (!process) return os::send_message(job.answer, pack(std::move(process).error()));
    const std::uint32_t number = job.request.number;
    workers_.push_back(
        {.number = number, .process = std::move(*process), .answer = std::move(job.answer)});
    poll_.watch(workers_.back().process.pidfd(), POLLIN,
                [this, number](short) { return ended(number); });
    return {};
}

static Result<Unpacked> death(os::ExitStatus status) {
    const bool by_signal = status.code > 128;
    return Error(Error::Kind::failed, "the process that unpacked it was ended by {} {}",
                 by_signal ? "signal" : "itself, status",
                 by_signal ? status.code - 128 : status.code);
}

// A worker that ends with 0 has answered; for any other the words are put together here.
Result<> Foreman::ended(std::uint32_t number) {
    const auto worker = std::ranges::find(workers_, number, &Worker::number);
    poll_.unwatch(worker->process.pidfd());
    const os::ExitStatus status = TRY(worker->process.wait());
    if (status.code != 0)
        (void)os::send_message(worker->answer, pack(death(status)));  // or nobody asks any more
    workers_.erase(worker);
    return start_next();
}

void Foreman::abandon(std::uint32_t number) {
    std::erase_if(waiting_, [&](const LayerJob& job) { return job.request.number == number; });
    const auto worker = std::ranges::find(workers_, number, &Worker::number);
    if (worker == workers_.end()) return;
    poll_.unwatch(worker->process.pidfd());
    workers_.erase(worker);  // which kills it, and waits for its end
}

}  // namespace sbx::image
