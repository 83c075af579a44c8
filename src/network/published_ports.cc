#include "network/published_ports.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "base/text.h"
#include "network/confinement.h"
#include "network/listen.h"
#include "network/tcp_relay.h"
#include "network/udp_relay.h"
#include "os/memory.h"
#include "os/namespaces.h"
#include "os/orphan.h"
#include "os/process.h"
#include "os/rlimits.h"
#include "os/socket.h"

namespace sbx::network {

static constexpr const char* kReady = "ready";

// What carries bytes between sockets.
static constexpr auto kCalls = std::to_array<std::uint32_t>({
    SYS_accept4,
    SYS_epoll_ctl,
    SYS_epoll_pwait,
    SYS_pipe2,
    SYS_splice,
#if defined(SYS_epoll_wait)
    SYS_epoll_wait,
#endif
});

// A connection has two sockets, and two pipes at most.
static Result<std::size_t> most_connections(std::size_t listeners) {
    constexpr std::size_t kSpare = 64;
    constexpr std::size_t kEach = 6;
    constexpr std::size_t kEnough = 16384;
    const rlimit limit = TRY(os::limit_of(RLIMIT_NOFILE));
    const std::size_t taken = kSpare + listeners;
    return limit.rlim_cur > taken
               ? std::clamp<std::size_t>((limit.rlim_cur - taken) / kEach, 1, kEnough)
               : 1;
}

// Of two times that a wait may take the shorter one, where -1 is for ever.
static int shorter(int a, int b) { return a < 0 || (b >= 0 && b < a) ? b : a; }

// Its connections still have what the container wrote before its end.
static Result<> finish(TcpRelay& tcp, Events& events) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::seconds kPatience(10);
    constexpr int kLook = 100;  // milliseconds
    const auto until = Clock::now() + kPatience;
    while (tcp.connections() > 0 && Clock::now() < until)
        TRY(events.wait(shorter(tcp.turn(), kLook)));
    return {};
}

static Result<> relay(std::vector<Listener> listeners, os::Fd line) {
    constexpr std::size_t kMostPeers = 1024;
    Events events = TRY(Events::open());
    const std::size_t most = TRY(most_connections(listeners.size()));
    TcpRelay tcp(events, most);
    UdpRelay udp(events, std::min(most, kMostPeers));
    bool ended = false;
    TRY(events.watch(line, EPOLLIN, [&](std::uint32_t) { ended = true; }));
    for (Listener& listener : listeners) {
        const bool is_tcp = listener.port.container.protocol == Protocol::tcp;
        TRY(is_tcp ? tcp.add(std::move(listener)) : udp.add(std::move(listener)));
    }
    TRY(confine({.calls = kCalls, .ends_with_parent = false}));
    os::forget_program_pages();
    TRY(os::send_message(line, kReady));
    while (!ended)
        TRY(events.wait(shorter(tcp.turn(), udp.turn(UdpRelay::Clock::now()))));
    tcp.stop_listening();
    udp.stop();
    events.forget(line);
    line.reset();  // who has closed the other end knows that the ports are free
    return finish(tcp, events);
}

static Result<> begin(std::vector<Listener> listeners, os::Fd& line) {
    std::vector<os::FdView> kept = {line};
    for (const Listener& listener : listeners)
        kept.emplace_back(listener.socket);
    TRY(leave_all_but(std::move(kept)));
    TRY(os::raise_soft_limit(RLIMIT_NOFILE));
    {
        const std::optional<os::Message> container = TRY(os::receive_message(line));
        if (!container || container->fds.size() != 1) return {};  // it was not to be
        const std::int64_t namespaces = TRY(parse_number(container->bytes, 0, INT64_MAX));
        TRY(os::join_namespaces(container->fds.front(), static_cast<std::uint64_t>(namespaces)));
    }
    return relay(std::move(listeners), std::move(line));
}

[[noreturn]] static void relay_main(std::vector<Listener> listeners, os::SocketPair& ends) {
    ends.one.reset();
    const Result<> done = begin(std::move(listeners), ends.other);
    if (!done && ends.other)
        (void)os::send_message(ends.other, done.error().pack());  // who asks is told
    ::_exit(done ? 0 : 1);
}

// The free ones of the last life again.
static std::vector<PortMapping> as_before(std::vector<PortMapping> wanted,
                                          const std::vector<PortMapping>& before) {
    if (before.size() == wanted.size()) return before;
    return wanted;
}

static Result<std::vector<Listener>> listen(const std::vector<PortMapping>& wanted,
                                            const std::vector<PortMapping>& before) {
    Result<std::vector<Listener>> again = listen_on_host(as_before(wanted, before));
    if (again.failed_as(Error::Kind::busy) && !before.empty()) return listen_on_host(wanted);
    return again;
}

Result<> PublishedPorts::open(const std::vector<PortMapping>& wanted) {
    close();
    if (wanted.empty()) return {};
    std::vector<Listener> listeners = TRY(listen(wanted, ports_));
    ports_.clear();
    for (const Listener& listener : listeners)
        ports_.push_back(listener.port);
    os::SocketPair ends = TRY(os::open_socket_pair());
    (void)TRY(os::spawn_orphan([&] { relay_main(std::move(listeners), ends); }),
              "start the port relay");
    line_ = std::move(ends.one);
    return {};
}

Result<> PublishedPorts::serve(pid_t container, std::uint64_t namespaces) {
    if (!line_) return {};
    const os::Fd pidfd = TRY(os::open_process(container));
    namespaces &= std::uint64_t{CLONE_NEWUSER | CLONE_NEWNET};
    TRY(os::send_message(line_, fmt::format("{}", namespaces), {pidfd}));
    const std::optional<os::Message> answer = TRY(os::receive_message(line_));
    if (!answer) return Error(Error::Kind::failed, "the port relay has ended early");
    if (answer->bytes == kReady) return {};
    return Error::unpack(answer->bytes).context("publishing ports");
}

void PublishedPorts::close() {
    if (!line_) return;
    (void)os::wait_for_close(line_);  // or it takes its time
    line_.reset();
}

}  // namespace sbx::network
