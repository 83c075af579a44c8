#include "network/stack.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "network/confinement.h"
#include "network/own_addresses.h"
#include "network/policy.h"
#include "network/refusal.h"
#include "network/slirp.h"
#include "os/file.h"
#include "os/memory.h"
#include "os/rlimits.h"
#include "os/routes.h"
#include "os/socket.h"

namespace sbx::network {

namespace {

// The larger of the largest frames: 65520 bytes of a packet, and the header of Ethernet.
constexpr std::size_t kLargestFrame = 65520 + kFrameHeader;

// What libslirp does with its sockets, and the server with the device.
constexpr auto kCalls = std::to_array<std::uint32_t>({
    SYS_bind,
    SYS_getpeername,
    SYS_ppoll,
    SYS_read,
    SYS_readv,
    SYS_write,
    SYS_writev,
#if defined(SYS_poll)
    SYS_poll,
#endif
});
constexpr auto kRequests = std::to_array<std::uint32_t>({FIONREAD, FIONBIO, SIOCATMARK});

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

static std::string host_resolv() {
    constexpr std::size_t kLargest = std::size_t{1} << 20;
    const os::Fd file(::open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    return file ? os::read_regular(file, "/etc/resolv.conf", kLargest).value_or("") : "";
}

// Names and tokens of the person's are in it.
static void forget_environment() {
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
        ::explicit_bzero(*entry, std::strlen(*entry));
}

// As many connections as a busy server has, whatever the person's own limit. The stack's memory
// grows with them, and with what a container sends, and is not the container's.
static Result<> limit_resources() {
    constexpr rlim_t kMostSockets = 4096;
#if !defined(SBX_SANITIZED)  // which maps all memory there is
    constexpr rlimit kMostMemory{.rlim_cur = rlim_t{512} << 20, .rlim_max = rlim_t{512} << 20};
    TRY(os::set_limit(RLIMIT_DATA, kMostMemory));
#endif
    const rlim_t most = std::min(TRY(os::limit_of(RLIMIT_NOFILE)).rlim_max, kMostSockets);
    return os::set_limit(RLIMIT_NOFILE, {.rlim_cur = most, .rlim_max = most});
}

static Result<> begin(const Settings& settings, const os::Fd& line) {
    forget_environment();
    TRY(leave_all_but({line}));
    std::string resolv = host_resolv();
    const os::Routes routes = TRY(os::Routes::open());
    std::optional<os::Message> message = TRY(os::receive_message(line));
    if (!message || message->fds.size() != 1) return {};  // it was not to be
    const os::Fd tap = std::move(message->fds.front());
    TRY(limit_resources());
    TRY(confine({.calls = kCalls, .requests = kRequests}));
    OwnAddresses own([&](const Address& to) { return routes.ends_here(to.bytes()); });
    const Policy policy(settings, [&](const Address& to) { return own.contain(to); });
    Slirp slirp = TRY(Slirp::open(settings, std::move(resolv),
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
