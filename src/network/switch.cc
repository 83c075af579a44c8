#include "network/switch.h"

#include <algorithm>

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "network/packet.h"
#include "os/pipe.h"

namespace sbx::network {

using Way = Bridge::Decision::Way;
using Clock = std::chrono::steady_clock;

// The larger of the largest frames: 65520 bytes of a packet, and the header of Ethernet.
static constexpr std::size_t kLargestFrame = 65520 + kFrameHeader;
static constexpr std::size_t kHardware = 6;

// Whoever connects while nobody can be let in waits for so long.
static constexpr std::chrono::milliseconds kPause(100);

Result<Json> parse_word(const os::Message& message) {
    if (message.bytes.starts_with('{')) return Json::parse(message.bytes);
    return Error::unpack(message.bytes);
}

static Error out_of_step() {
    return Error(Error::Kind::failed, "the network's process is out of step");
}

static Json word(std::string_view verb) { return Json::object().set("verb", verb); }

// One that does not fit is lost, as packets are.
static void send(const os::Fd& tap, std::string_view frame) {
    (void)!::write(tap.get(), frame.data(), frame.size());
}

static void send_to(const os::Fd& tap, std::string_view hardware, std::string_view frame) {
    const auto part = [](std::string_view bytes) {
        return iovec{.iov_base = const_cast<char*>(bytes.data()), .iov_len = bytes.size()};
    };
    const iovec parts[] = {part(hardware), part(frame.substr(kHardware))};
    (void)!::writev(tap.get(), parts, 2);
}

Switch::Switch(Parts parts)
    : parts_(std::move(parts)),
      members_(parts_.network),
      bridge_(members_, parts_.is_of_host),
      buffer_(kLargestFrame) {}

Result<std::unique_ptr<Switch>> Switch::open(Parts parts) {
    std::unique_ptr<Switch> made(new Switch(std::move(parts)));
    Switch* self = made.get();
    if (!self->parts_.network.internal)
        self->stack_.emplace(
            TRY(Slirp::open(self->parts_.network.layout, self->parts_.resolv,
                            [self](std::string_view frame) { self->on_frame_from_stack(frame); })));
    self->add(std::move(self->parts_.first));
    return made;
}

// --- the loop ------------------------------------------------------------------------------------

std::vector<Switch::Watched> Switch::watch(std::vector<pollfd>& entries) const {
    std::vector<Watched> watched;
    const int listener = accepts() ? parts_.listener.get() : -1;  // which poll(2) leaves out
    entries.assign({{.fd = listener, .events = POLLIN, .revents = 0}});
    const auto add = [&](unsigned number, Source source, const os::Fd& fd) {
        if (!fd) return;
        entries.push_back({.fd = fd.get(), .events = POLLIN, .revents = 0});
        watched.push_back({.port = number, .source = source, .fd = fd.get()});
    };
    for (const auto& [number, port] : ports_) {
        add(number, Source::line, port.line);
        add(number, Source::tap, port.tap);
        add(number, Source::process, port.process);
        for (const os::Fd& asker : port.askers)
            add(number, Source::asker, asker);
    }
    return watched;
}

// The lines to other networks are behind what is watched, and the stack's sockets behind these.
void Switch::proceed(std::span<const pollfd> entries, std::span<const Watched> watched) {
    const std::span<const pollfd> others = entries.subspan(1 + watched.size());
    if (stack_) stack_->proceed(others.subspan(others_watched_));
    for (const OtherNames::Settled& one :
         other_names_.hear(others.first(others_watched_), Clock::now()))
        settle(one);
    for (std::size_t i = 0; i < watched.size(); ++i)
        if (entries[i + 1].revents != 0) on_event(watched[i]);
    if (entries[0].revents != 0) accept();
}

static int sooner(int one, int other) {
    if (one < 0 || other < 0) return std::max(one, other);
    return std::min(one, other);
}

// Milliseconds to wait for at most; -1: any time.
int Switch::prepare(std::vector<pollfd>& entries) {
    others_watched_ = other_names_.watch(entries);
    if (stack_) stack_->share_among(ports_.size());
    const int timeout =
        sooner(stack_ ? stack_->prepare(entries) : -1, other_names_.patience(Clock::now()));
    return entries[0].fd >= 0 ? timeout : sooner(timeout, static_cast<int>(kPause.count()));
}

Result<> Switch::run() {
    std::vector<pollfd> entries;
    for (;;) {
        if (ports_.empty()) accept();
        if (ports_.empty()) return {};
        const bool again = answer_stack();
        const std::vector<Watched> watched = watch(entries);
        int timeout = prepare(entries);
        if (again) timeout = 0;  // it has waited for an answer with what it has to send
        const int count = ::poll(entries.data(), entries.size(), timeout);
        if (count < 0 && errno != EINTR) return Error::from_errno(errno, "wait for packets");
        if (count >= 0) proceed(entries, watched);
    }
}

// Whether there was anything.
bool Switch::answer_stack() {
    if (!stack_ || for_stack_.empty()) return false;
    const std::vector<std::string> frames = std::exchange(for_stack_, {});
    for (const std::string& frame : frames)
        stack_->receive(frame);
    return true;
}

void Switch::on_event(const Watched& what) {
    if (!ports_.contains(what.port)) return;  // it went with what happened before
    switch (what.source) {
        case Source::line: return on_line(what.port);
        case Source::tap: return read_frames(what.port);
        case Source::process: return remove(what.port);
        case Source::asker: return on_question(what.port, what.fd);
    }
}

// --- who is there --------------------------------------------------------------------------------

void Switch::add(os::Fd line) { ports_[++last_number_].line = std::move(line); }

void Switch::accept() {
    os::Fd line(::accept4(parts_.listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const bool pauses = !line && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED;
    if (pauses) accepts_again_ = std::chrono::steady_clock::now() + kPause;
    ucred peer{};
    socklen_t size = sizeof peer;
    const bool known = line &&
                       ::getsockopt(line.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
                       peer.uid == parts_.owner;
    if (known) add(std::move(line));
}

void Switch::remove(unsigned number) {
    members_.remove(number);
    other_names_.remove(number);
    ports_.erase(number);
}

// With its namespace. What was refused is still to be told.
void Switch::lose_device(unsigned number) {
    Port& port = ports_[number];
    if (!port.egress || !port.line) return remove(number);
    members_.remove(number);
    other_names_.remove(number);
    port.askers.clear();
    port.tap.reset();
}

// Not by its own line, which is closed for that.
void Switch::leave(std::string_view id, unsigned asking) {
    for (const unsigned number : members_.ports_of(id))
        if (number != asking) remove(number);
}

void Switch::on_line(unsigned number) {
    Port& port = ports_[number];
    Result<std::optional<os::Message>> heard = os::receive_message(port.line);
    std::optional<os::Message> message = heard ? *std::move(heard) : std::nullopt;
    if (!message) {
        port.line.reset();
        if (!port.process) remove(number);
        return;
    }
    const os::FdView line = port.line;
    const Result<> done = on_word(number, *std::move(message));
    if (!done) (void)os::send_message(line, done.error().pack());  // or it has left
}

Result<> Switch::on_word(unsigned number, os::Message message) {
    const Json json = TRY(parse_word(message));
    const auto verb = TRY(json.get<std::string>("verb"));
    const os::Fd& line = ports_[number].line;
    if (verb == "device") return on_device(number, std::move(message.fds));
    if (verb == "others" || verb == "asker") {
        TRY(on_acquaintance(json, std::move(message.fds)));
        return os::send_message(line, word("known").dump());
    }
    if (verb == "refused")
        return os::send_message(line, word("refused").set("text", refused_by(number)).dump());
    if (verb == "leave") {
        leave(TRY(json.get<std::string>("id")), number);
        return os::send_message(line, word("left").dump());
    }
    if (verb == "join") return on_join(number, json, std::move(message.fds));
    return out_of_step();
}

Result<> Switch::on_join(unsigned number, const Json& json, std::vector<os::Fd> fds) {
    if (members_.at(number) || fds.size() > 1) return out_of_step();
    Application who = TRY(Application::from_json(json));
    leave(who.id, number);  // it may have ended just now, and be started again
    const Member* member = TRY(members_.admit(number, std::move(who)));
    Port& port = ports_[number];
    if (member->who.egress)
        port.egress.emplace(*member->who.egress, parts_.network.layout,
                            fds.empty() ? os::Fd() : std::move(fds.front()));
    return os::send_message(port.line, member->place.to_json()
                                           .set("pid", ::getpid())
                                           .set("judged", port.egress.has_value())
                                           .dump());
}

// One end of a line between two networks of a container.
Result<> Switch::on_acquaintance(const Json& json, std::vector<os::Fd> fds) {
    const std::vector<unsigned> ports = members_.ports_of(TRY(json.get<std::string>("id")));
    if (ports.empty() || fds.size() != 1) return out_of_step();
    if (TRY(json.get<std::string>("verb")) == "others")
        return other_names_.add(ports.front(), TRY(json.get<std::string>("network")),
                                std::move(fds.front()));
    constexpr std::size_t kMost = 64;  // more than a container can be on
    std::vector<os::Fd>& askers = ports_[ports.front()].askers;
    if (askers.size() >= kMost) return out_of_step();
    TRY(os::do_not_wait(fds.front()));
    askers.push_back(std::move(fds.front()));
    return {};
}

// Each is answered, in its order: where that cannot be the line is closed.
void Switch::on_question(unsigned number, int fd) {
    std::vector<os::Fd>& askers = ports_[number].askers;
    const auto asker =
        std::ranges::find_if(askers, [&](const os::Fd& one) { return one.get() == fd; });
    if (asker == askers.end()) return;
    Result<std::optional<os::Message>> heard = os::receive_message(*asker);
    const std::optional<os::Message> message = heard ? *std::move(heard) : std::nullopt;
    if (message) {
        const std::string answer = bridge_.answer_other(message->bytes);
        if (os::send_message(*asker, answer.empty() ? kUnknownName : answer)) return;
    }
    askers.erase(asker);
}

Result<> Switch::on_device(unsigned number, std::vector<os::Fd> fds) {
    if (!members_.at(number) || fds.empty() || fds.size() > 2) return out_of_step();
    Port& port = ports_[number];
    port.tap = std::move(fds[0]);
    if (fds.size() > 1) port.process = std::move(fds[1]);
    return os::send_message(port.line, word("up").dump());
}

// --- frames --------------------------------------------------------------------------------------

// Some at a time: the others have their turn, too.
void Switch::read_frames(unsigned number) {
    constexpr int kMost = 64;
    const Member* from = members_.at(number);
    const os::Fd& tap = ports_[number].tap;
    if (!from || !tap) return;
    for (int i = 0; i < kMost; ++i) {
        const ssize_t size = ::read(tap.get(), buffer_.data(), buffer_.size());
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (size <= 0) return lose_device(number);
        on_frame(*from, {buffer_.data(), static_cast<std::size_t>(size)});
    }
}

void Switch::on_frame(const Member& from, std::string_view frame) {
    follow(from.port, bridge_.judge(from, frame), frame);
}

void Switch::follow(unsigned number, const Bridge::Decision& decision, std::string_view frame) {
    switch (decision.way) {
        case Way::drop: break;
        case Way::member: hand_on(decision.port, frame); break;
        case Way::stack: send_out(number, without_padding(frame)); break;
        case Way::answer: send(ports_[number].tap, decision.answer); break;
        case Way::name: ask_others(number, decision.answer, frame); break;
    }
}

void Switch::ask_others(unsigned number, std::string_view question, std::string_view frame) {
    if (!other_names_.ask(number, question, frame, Clock::now()))
        follow(number, bridge_.judge_unknown(frame), frame);
}

void Switch::settle(const OtherNames::Settled& settled) {
    const std::string& frame = settled.frame;
    if (settled.answer.empty()) return follow(settled.port, bridge_.judge_unknown(frame), frame);
    send(ports_[settled.port].tap, Bridge::answered(frame, settled.answer));
}

// To the world, as far as the member's own rules let it.
void Switch::send_out(unsigned number, std::string_view frame) {
    if (!stack_) return;
    Port& port = ports_[number];
    if (!port.egress) return stack_->receive(frame);
    const Egress::Decision decision = port.egress->judge(frame);
    for (const std::string& before : decision.before)
        stack_->receive(before);
    if (decision.goes_on) stack_->receive(frame);
    if (!decision.answer.empty()) send(port.tap, decision.answer);
}

// What it sent last may be in its device still.
std::string Switch::refused_by(unsigned number) {
    const Port& port = ports_[number];
    if (!port.egress) return {};
    read_frames(number);
    return port.egress->summary();
}

void Switch::on_frame_from_stack(std::string_view frame) {
    Bridge::Decision decision = bridge_.judge_from_stack(frame);
    if (decision.way == Way::member) {
        if (std::optional<Egress>& egress = ports_[decision.port].egress) egress->learn(frame);
        hand_on(decision.port, frame);
    }
    if (decision.way == Way::answer) for_stack_.push_back(std::move(decision.answer));
}

void Switch::hand_on(unsigned number, std::string_view frame) {
    const Member* to = members_.at(number);
    const os::Fd& tap = ports_[number].tap;
    if (to && tap) send_to(tap, to->place.hardware, frame);
}

}  // namespace sbx::network
