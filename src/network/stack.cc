#include "network/stack.h"

#include <array>
#include <memory>
#include <span>
#include <vector>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "network/confinement.h"
#include "network/own_addresses.h"
#include "network/policy.h"
#include "network/refusal.h"
#include "network/slirp.h"
#include "network/stack_process.h"
#include "os/memory.h"
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
    Server(const os::Fd& tap, const os::Fd& line, const Policy& policy, Slirp slirp)
        : tap_(tap), line_(line), policy_(policy), slirp_(std::move(slirp)) {}

    // Until the other end of the line is closed, or the device is gone.
    Result<> run() {
        std::vector<pollfd> watched;
        while (!over_) {
            watched.assign({{.fd = line_.get(), .events = POLLIN, .revents = 0},
                            {.fd = tap_.get(), .events = POLLIN, .revents = 0}});
            const int timeout = slirp_.prepare(watched);
            const int count = ::poll(watched.data(), watched.size(), timeout);
            if (count < 0 && errno != EINTR) return Error::from_errno(errno, "wait for packets");
            if (count < 0) continue;
            slirp_.proceed(std::span(watched).subspan(2));
            if (watched[0].revents != 0) return {};
            if (watched[1].revents != 0) read_frames();
        }
        return {};
    }

private:
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
        switch (policy_.judge(frame)) {
            case Policy::Verdict::pass: slirp_.receive(frame); break;
            case Policy::Verdict::refuse: send(tap_, refusal_of(frame)); break;
            case Policy::Verdict::drop: break;
        }
    }

    const os::Fd& tap_;
    const os::Fd& line_;
    const Policy& policy_;
    Slirp slirp_;
    bool over_ = false;
    std::array<char, kLargestFrame> buffer_ = {};
};

}  // namespace

static Result<> begin(const Settings& settings, const os::Fd& line) {
    forget_environment();
    TRY(leave_all_but({line}));
    std::string resolv = host_resolv();
    const os::Routes routes = TRY(os::Routes::open());
    std::optional<os::Message> message = TRY(os::receive_message(line));
    if (!message || message->fds.size() != 1) return {};  // it was not to be
    const os::Fd tap = std::move(message->fds.front());
    TRY(limit_stack());
    TRY(confine({.calls = kStackCalls, .requests = kStackRequests}));
    OwnAddresses own([&](const Address& to) { return routes.ends_here(to.bytes()); });
    const Policy policy(settings.layout(), [&](const Address& to) { return own.contain(to); });
    Slirp slirp = TRY(Slirp::open(settings.layout(), std::move(resolv),
                                  [&](std::string_view frame) { send(tap, frame); }));
    auto server = std::make_unique<Server>(tap, line, policy, std::move(slirp));
    TRY(os::send_message(line, "up"));
    os::forget_program_pages();
    return server->run();
}

Result<Stack> Stack::start(const Settings& settings) {
    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process process = TRY(os::spawn(0, [&] {
        ends.one.reset();
        const Result<> served = begin(settings, ends.other);
        if (!served) (void)os::send_message(ends.other, served.error().pack());  // or it has left
        ::_exit(served ? 0 : 1);
    }));
    return Stack(std::move(process), std::move(ends.one));
}

Result<> Stack::serve(const os::Fd& tap) {
    return os::send_message(line_, "device", {os::FdView(tap)});
}

Stack::~Stack() {
    if (process_.pid() <= 0) return;
    stop();
    (void)std::move(process_).disown();
}

void Stack::stop() { (void)process_.signal(SIGKILL); }  // it may have ended already

void Stack::wait() { (void)process_.wait(); }  // there is no status to keep

Result<> Stack::await() {
    const std::optional<os::Message> message = TRY(os::receive_message(line_), "the network");
    if (!message) return Error(Error::Kind::failed, "the network's process has ended early");
    if (message->bytes == "up") return {};
    return Error::unpack(message->bytes).context("the network");
}

}  // namespace sbx::network
