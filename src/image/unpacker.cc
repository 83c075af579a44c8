#include "image/unpacker.h"

#include <map>

#include <sched.h>
#include <sys/eventfd.h>

#include "image/confinement.h"
#include "image/foreman.h"
#include "os/process.h"
#include "os/socket.h"

namespace sbx::image {

namespace {

struct Pending {
    os::Fd answer;
    os::Fd arrivals;
    std::uint64_t arrived = 0;
    Unpacker::Done done;
};

}  // namespace

struct Unpacker::State {
    os::Poll& poll;
    os::Process foreman;
    os::Fd line;
    std::uint32_t last_number = 0;
    std::map<std::uint32_t, Pending> pending = {};

    Result<> answered(std::uint32_t number);
};

// A process namespace, so that no worker outlives the foreman, and the others because nothing in
// them is needed.
static constexpr std::uint64_t kNamespaces =
    CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS;

static Result<> foreman_main(os::FdView line, os::FdView staging, Ownership ownership) {
    TRY(confine(line, staging));
    TRY(os::die_with_parent());  // behind the last change of credentials, which undoes it
    return Foreman(line, staging, ownership).run();
}

Result<Unpacker> Unpacker::start(os::Poll& poll, const os::IdMap& ids, os::FdView staging,
                                 Ownership ownership) {
    os::SocketPair line = TRY(os::open_socket_pair());
    os::Process foreman = TRY(os::spawn_mapped(ids, kNamespaces,
                                               [&] {
                                                   const Result<> end =
                                                       foreman_main(line.other, staging, ownership);
                                                   ::_exit(end ? 0 : 1);
                                               }),
                              "starting the process that unpacks layers");
    return Unpacker(std::unique_ptr<State>(
        new State{.poll = poll, .foreman = std::move(foreman), .line = std::move(line.one)}));
}

Unpacker::Unpacker(std::unique_ptr<State> state) : state_(std::move(state)) {}
Unpacker::Unpacker(Unpacker&&) noexcept = default;

Unpacker::~Unpacker() {
    if (!state_) return;
    for (const auto& [number, pending] : state_->pending)
        state_->poll.unwatch(pending.answer);
}

Result<> Unpacker::State::answered(std::uint32_t number) {
    auto found = pending.extract(number);
    Pending& one = found.mapped();
    poll.unwatch(one.answer);
    const auto hear = [&]() -> Result<Unpacked> {
        const std::optional<os::Message> message = TRY(os::receive_message(one.answer));
        if (message) return parse_answer(message->bytes);
        return Error(Error::Kind::failed, "the processes that unpack layers are gone");
    };
    return one.done(hear());
}

Result<std::uint32_t> Unpacker::submit(Job job, Done done) {
    State& s = *state_;
    os::SocketPair answer = TRY(os::open_socket_pair());
    os::Fd arrivals(::eventfd(0, EFD_CLOEXEC));
    if (!arrivals) return Error::from_errno(errno, "open a counter");
    const std::uint32_t number = ++s.last_number;
    const UnpackRequest request{
        .number = number, .name = job.name, .size = job.size, .limits = job.limits};
    TRY(os::send_message(s.line, pack(request), {job.blob, arrivals, answer.other}),
        "asking for layer '{}' to be unpacked", job.name);
    s.poll.watch(answer.one, POLLIN, [&s, number](short) { return s.answered(number); });
    s.pending.emplace(number, Pending{.answer = std::move(answer.one),
                                      .arrivals = std::move(arrivals),
                                      .done = std::move(done)});
    return number;
}

Result<> Unpacker::available(std::uint32_t job, std::uint64_t bytes) {
    const auto found = state_->pending.find(job);
    if (found == state_->pending.end()) return {};  // it failed: the rest is not wanted
    Pending& one = found->second;
    if (bytes <= one.arrived) return {};
    const std::uint64_t more = bytes - std::exchange(one.arrived, bytes);
    if (::write(one.arrivals.get(), &more, sizeof more) == sizeof more) return {};
    return Error::from_errno(errno, "say that more of a layer is there");
}

Result<> Unpacker::abandon(std::uint32_t job) {
    State& s = *state_;
    auto found = s.pending.extract(job);
    if (!found) return {};
    const os::Fd answer = std::move(found.mapped().answer);
    s.poll.unwatch(answer);
    TRY(os::send_message(s.line, pack({.verb = UnpackRequest::Verb::abandon, .number = job})));
    // The socket is at its end once nobody holds the other side.
    while (TRY(os::receive_message(answer))) {
    }
    return {};
}

}  // namespace sbx::image
