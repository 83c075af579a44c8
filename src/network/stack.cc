#include "network/stack.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <span>
#include <vector>

#include <poll.h>
#include <unistd.h>

#include "network/confinement.h"
#include "network/egress.h"
#include "network/own_addresses.h"
#include "network/policy.h"
#include "network/refusal.h"
#include "network/slirp.h"
#include "network/stack_process.h"
#include "os/memory.h"
#include "os/orphan.h"
#include "os/routes.h"
#include "os/socket.h"

namespace sbx::network {

namespace {

// The larger of the largest frames: 65520 bytes of a packet, and the header of Ethernet.
constexpr std::size_t kLargestFrame = 65520 + kFrameHeader;

// One that does not fit is lost, as packets are.
void send(const os::Fd& tap, std::string_view frame) {
    (void)!::write(tap.get(), frame.data(), frame.size());
}

class Server {
public:
    struct Parts {
        const os::Fd& tap;
        const os::Fd& line;
        const Policy& policy;
        std::optional<Egress>& egress;
    };
    Server(const Parts& parts, Slirp slirp)
        : tap_(parts.tap),
          line_(parts.line),
          policy_(parts.policy),
          egress_(parts.egress),
          slirp_(std::move(slirp)) {}

    // Until the other end of the line is closed, or the device is gone.
    Result<> run() {
        while (!over_ && !ended_)
            TRY(turn(line_, -1));
        return {};
    }

    // The container has ended. What it sent last may be in its device, and the answers to that on
    // their way.
    Result<> finish() {
        using std::chrono::steady_clock;
        constexpr std::chrono::milliseconds kQuiet(200);
        constexpr std::chrono::seconds kPatience(10);
        const auto end = steady_clock::now() + kPatience;
        auto last = steady_clock::now();
        while (!over_ && has_sockets_ && steady_clock::now() < end &&
               steady_clock::now() - last < kQuiet) {
            const std::size_t before = frames_;
            TRY(turn(os::Fd(), static_cast<int>(kQuiet.count())));
            if (frames_ != before || has_to_send_) last = steady_clock::now();
        }
        return {};
    }

    void count_frame() { ++frames_; }

private:
    // At most for so many milliseconds; -1: for ever.
    Result<> turn(const os::Fd& line, int most) {
        watched_.assign({{.fd = line.get(), .events = POLLIN, .revents = 0},
                         {.fd = tap_.get(), .events = POLLIN, .revents = 0}});
        const int timeout = slirp_.prepare(watched_);
        has_sockets_ = watched_.size() > 2;
        has_to_send_ = std::ranges::any_of(
            watched_, [](const pollfd& one) { return (one.events & POLLOUT) != 0; });
        const bool is_soon = most < 0 || (timeout >= 0 && timeout < most);
        const int count = ::poll(watched_.data(), watched_.size(), is_soon ? timeout : most);
        if (count < 0 && errno != EINTR) return Error::from_errno(errno, "wait for packets");
        if (count < 0) return {};
        slirp_.proceed(std::span(watched_).subspan(2));
        ended_ = watched_[0].revents != 0;
        if (watched_[1].revents != 0) read_frames();
        return {};
    }

    // Some at a time: the sockets have their turn, too.
    void read_frames() {
        constexpr int kMost = 64;
        for (int i = 0; i < kMost; ++i) {
            const ssize_t size = ::read(tap_.get(), buffer_.data(), buffer_.size());
            if (size <= 0) {
                over_ = size == 0 || (errno != EAGAIN && errno != EINTR);
                return;
            }
            on_frame({buffer_.data(), static_cast<std::size_t>(size)});
        }
    }

    void on_frame(std::string_view frame) {
        count_frame();
        switch (policy_.judge(frame)) {
            case Policy::Verdict::pass: on_passed(frame); break;
            case Policy::Verdict::refuse: send(tap_, refusal_of(frame)); break;
            case Policy::Verdict::drop: break;
        }
    }

    void on_passed(std::string_view whole) {
        const std::string_view frame = without_padding(whole);
        if (!egress_) return slirp_.receive(frame);
        const Egress::Decision decision = egress_->judge(frame);
        for (const std::string& before : decision.before)
            slirp_.receive(before);
        if (decision.goes_on) slirp_.receive(frame);
        if (!decision.answer.empty()) send(tap_, decision.answer);
    }

    const os::Fd& tap_;
    const os::Fd& line_;
    const Policy& policy_;
    std::optional<Egress>& egress_;
    Slirp slirp_;
    std::vector<pollfd> watched_ = {};
    bool over_ = false;
    bool ended_ = false;
    bool has_sockets_ = true;
    bool has_to_send_ = false;  // what the world has not taken yet
    std::size_t frames_ = 0;    // from the container, and to it
    std::array<char, kLargestFrame> buffer_ = {};
};

}  // namespace

static Result<> begin(Stack::Wish& wish, os::Fd& line) {
    const Layout layout = wish.settings.layout();
    forget_environment();
    std::vector<os::FdView> kept = {line};
    if (wish.log) kept.emplace_back(wish.log);
    TRY(leave_all_but(std::move(kept)));
    std::string resolv = host_resolv();
    const os::Routes routes = TRY(os::Routes::open());
    std::optional<os::Message> message = TRY(os::receive_message(line));
    if (!message || message->fds.size() != 2) return {};  // it was not to be
    const os::Fd tap = std::move(message->fds.front());
    TRY(limit_stack());
    TRY(confine({.calls = kStackCalls, .requests = kStackRequests, .ends_with_parent = false}));
    OwnAddresses own([&](const Address& to) { return routes.ends_here(to.bytes()); });
    const Policy policy(layout, [&](const Address& to) { return own.contain(to); });
    std::optional<Egress> egress;
    if (wish.egress) egress.emplace(*std::move(wish.egress), layout, std::move(wish.log));
    std::unique_ptr<Server> server;
    Slirp slirp = TRY(Slirp::open(layout, std::move(resolv), [&](std::string_view frame) {
        if (egress) egress->learn(frame);
        if (server) server->count_frame();
        send(tap, frame);
    }));
    const Server::Parts parts{.tap = tap, .line = line, .policy = policy, .egress = egress};
    server = std::make_unique<Server>(parts, std::move(slirp));
    TRY(os::send_message(line, "up"));
    os::forget_program_pages();
    TRY(server->run());
    const std::string summary = egress ? egress->summary() : "";
    if (!summary.empty()) (void)os::send_message(line, summary);  // or nobody asks
    line.reset();
    return server->finish();
}

Result<Stack> Stack::start(Wish wish) {
    os::SocketPair ends = TRY(os::open_socket_pair());
    const pid_t pid = TRY(os::spawn_orphan([&] {
        ends.one.reset();
        const Result<> served = begin(wish, ends.other);
        if (!served && ends.other)
            (void)os::send_message(ends.other, served.error().pack());  // or it has left
        ::_exit(served ? 0 : 1);
    }));
    return Stack(pid, std::move(ends.one), wish.egress.has_value());
}

Result<> Stack::serve(const os::Fd& tap, const os::Fd& network) {
    return os::send_message(line_, "device", {os::FdView(tap), os::FdView(network)});
}

std::string Stack::finish() {
    std::string summary;
    if (sums_up_ && line_ && os::wait_for_close(line_)) {
        std::optional<os::Message> message = os::receive_message(line_).value_or(std::nullopt);
        if (message) summary = std::move(message->bytes);
    }
    line_.reset();
    return summary;
}

Result<> Stack::await() {
    const std::optional<os::Message> message = TRY(os::receive_message(line_), "the network");
    if (!message) return Error(Error::Kind::failed, "the network's process has ended early");
    if (message->bytes == "up") return {};
    return Error::unpack(message->bytes).context("the network");
}

}  // namespace sbx::network
