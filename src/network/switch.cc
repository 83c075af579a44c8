#include "network/switch.h"

#include <algorithm>

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "network/packet.h"

namespace sbx::network {

using Way = Bridge::Decision::Way;

// The larger of the largest frames: 65520 bytes of a packet, and the header of Ethernet.
static constexpr std::size_t kLargestFrame = 65520 + kFrameHeader;
static constexpr std::size_t kHardware = 6;

// Whoever connects while nobody can be let in waits for so long.
static constexpr std::chrono::milliseconds kPause(100);

Result<Json> parse_word(const os::Message& message) {
    if (message.bytes.starts_with('{')) return Json::parse(message.bytes);
    return Error::unpack(message.bytes);
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
    for (const auto& [number, port] : ports_)
        for (const auto& [fd, source] :
             {std::pair(&port.line, Source::line), std::pair(&port.tap, Source::tap),
              std::pair(&port.process, Source::process)}) {
            if (!*fd) continue;
            entries.push_back({.fd = fd->get(), .events = POLLIN, .revents = 0});
            watched.push_back({.port = number, .source = source});
        }
    return watched;
}

void Switch::proceed(std::span<const pollfd> entries, std::span<const Watched> watched) {
    if (stack_) stack_->proceed(entries.subspan(1 + watched.size()));
    for (std::size_t i = 0; i < watched.size(); ++i)
        if (entries[i + 1].revents != 0) on_event(watched[i]);
    if (entries[0].revents != 0) accept();
}

// Milliseconds to wait for at most; -1: any time.
int Switch::prepare(std::vector<pollfd>& entries) {
    if (stack_) stack_->share_among(ports_.size());
    const int timeout = stack_ ? stack_->prepare(entries) : -1;
    if (entries[0].fd >= 0) return timeout;
    constexpr int kMost = static_cast<int>(kPause.count());
    return timeout < 0 ? kMost : std::min(timeout, kMost);
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
    ports_.erase(number);
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
    if (verb == "leave") {
        leave(TRY(json.get<std::string>("id")), number);
        return os::send_message(line, word("left").dump());
    }
    if (verb == "servers") {
        const bool some = TRY(json.get<bool>("has_other_servers"));
        members_.set_other_servers(TRY(json.get<std::string>("id")),
                                   some ? OtherServers::some : OtherServers::none);
        return os::send_message(line, word("known").dump());
    }
    if (verb != "join" || members_.at(number))
        return Error(Error::Kind::failed, "the network's process is out of step");
    Application who = TRY(Application::from_json(json));
    leave(who.id, number);  // it may have ended just now, and be started again
    const Member* member = TRY(members_.admit(number, std::move(who)));
    return os::send_message(line, member->place.to_json().set("pid", ::getpid()).dump());
}

Result<> Switch::on_device(unsigned number, std::vector<os::Fd> fds) {
    if (!members_.at(number) || fds.empty() || fds.size() > 2)
        return Error(Error::Kind::failed, "the network's process is out of step");
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
    for (int i = 0; i < kMost; ++i) {
        const ssize_t size = ::read(tap.get(), buffer_.data(), buffer_.size());
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (size <= 0) return remove(number);  // the device is gone, and so is its namespace
        on_frame(*from, {buffer_.data(), static_cast<std::size_t>(size)});
    }
}

void Switch::on_frame(const Member& from, std::string_view frame) {
    const Bridge::Decision decision = bridge_.judge(from, frame);
    switch (decision.way) {
        case Way::drop: break;
        case Way::member: hand_on(decision.port, frame); break;
        case Way::stack:
            if (stack_) stack_->receive(without_padding(frame));
            break;
        case Way::answer: send(ports_[from.port].tap, decision.answer); break;
    }
}

void Switch::on_frame_from_stack(std::string_view frame) {
    Bridge::Decision decision = bridge_.judge_from_stack(frame);
    if (decision.way == Way::member) hand_on(decision.port, frame);
    if (decision.way == Way::answer) for_stack_.push_back(std::move(decision.answer));
}

void Switch::hand_on(unsigned number, std::string_view frame) {
    const Member* to = members_.at(number);
    const os::Fd& tap = ports_[number].tap;
    if (to && tap) send_to(tap, to->place.hardware, frame);
}

}  // namespace sbx::network
