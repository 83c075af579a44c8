#include "network/tcp_relay.h"

#include <netinet/tcp.h>

#include "network/inside.h"

namespace sbx::network {

// One pipe is there from the beginning, for what does not have to wait in it.
Result<> TcpRelay::add(Listener listener) {
    pipes_.give_back(TRY(pipes_.take()));
    listeners_.push_back(std::move(listener));
    const Listener& kept = listeners_.back();
    return events_->watch(kept.socket, EPOLLIN,
                          [this, &kept](std::uint32_t) { on_listener(kept); });
}

// Who connects meanwhile waits in the kernel.
void TcpRelay::pause() {
    if (paused_) return;
    paused_ = true;
    for (const Listener& listener : listeners_)
        events_->forget(listener.socket);
}

void TcpRelay::stop_listening() {
    pause();
    listeners_.clear();
}

Result<> TcpRelay::listen_again() {
    paused_ = false;
    short_of_means_ = false;
    for (const Listener& listener : listeners_)
        TRY(events_->watch(listener.socket, EPOLLIN,
                           [this, &listener](std::uint32_t) { on_listener(listener); }));
    return {};
}

int TcpRelay::turn() {
    constexpr int kPause = 100;
    // What is put behind them now has its turn after the next round.
    for (std::size_t left = ready_.size(); left > 0; --left) {
        const Place connection = ready_.front();
        ready_.pop_front();
        connection->queued = false;
        pump(connection);
    }
    if (!ready_.empty()) return 0;
    if (!paused_) return -1;
    if (!short_of_means_ && connections_.size() >= most_) return -1;
    if (std::exchange(short_of_means_, false)) return kPause;
    return listen_again() ? -1 : kPause;
}

void TcpRelay::on_listener(const Listener& listener) {
    constexpr int kMostAtOnce = 64;
    for (int i = 0; i < kMostAtOnce && !paused_; ++i) {
        if (connections_.size() >= most_)
            pause();
        else if (!accept_one(listener))
            return;
    }
}

static void set_flag(os::FdView socket, int level, int option) {
    constexpr int kOn = 1;
    (void)::setsockopt(socket.get(), level, option, &kOn, sizeof kOn);  // it does without, too
}

static bool is_short_of_means(int err) {
    return err == EMFILE || err == ENFILE || err == ENOBUFS || err == ENOMEM;
}

// Whether there may be more.
bool TcpRelay::accept_one(const Listener& listener) {
    os::Fd inner(
        ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));  // keeps a place for the real one
    os::Fd outer;
    if (inner)
        outer.reset(
            ::accept4(listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!outer) {
        if (errno == EAGAIN) return false;
        short_of_means_ = is_short_of_means(errno);
        if (short_of_means_) pause();
        return true;  // that of one connection is of no concern to the others: accept(2)
    }
    inner.reset();
    set_flag(outer, IPPROTO_TCP, TCP_NODELAY);
    set_flag(outer, SOL_SOCKET, SO_KEEPALIVE);
    const PortMapping& port = listener.port;
    connections_.push_front(
        {.outer = std::move(outer), .ways = ways_to(port.container.number, port.host().family())});
    try_next_way(connections_.begin());
    return true;
}

void TcpRelay::try_next_way(Place connection) {
    while (!connection->ways.empty()) {
        const Endpoint way = connection->ways.front();
        connection->ways.erase(connection->ways.begin());
        if (connection->inner) events_->forget(connection->inner);
        connection->inner.reset();  // first: there may be no more than one to be had
        connection->inner =
            os::Fd(::socket(way.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (!connection->inner) continue;
        const bool connected = ::connect(connection->inner.get(), way.raw(), way.size()) == 0;
        if (!connected && errno != EINPROGRESS) continue;
        const Result<> watched = events_->watch(
            connection->inner, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
            [this, connection](std::uint32_t events) { on_inner(connection, events); });
        if (!watched) break;
        if (connected) begin(connection);
        return;
    }
    reset(connection);
}

void TcpRelay::on_inner(Place connection, std::uint32_t events) {
    if (connection->connected) {
        if ((events & EPOLLERR) != 0) return reset(connection);
        return pump(connection);
    }
    int err = 0;
    socklen_t size = sizeof err;
    (void)::getsockopt(connection->inner.get(), SOL_SOCKET, SO_ERROR, &err, &size);
    if (err != 0) return try_next_way(connection);
    if ((events & EPOLLOUT) != 0) begin(connection);
}

void TcpRelay::begin(Place connection) {
    connection->connected = true;
    set_flag(connection->inner, IPPROTO_TCP, TCP_NODELAY);
    const Result<> watched =
        events_->watch(connection->outer, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                       [this, connection](std::uint32_t events) {
                           if ((events & EPOLLERR) != 0) return reset(connection);
                           pump(connection);
                       });
    if (!watched) return reset(connection);
    pump(connection);
}

void TcpRelay::pump(Place connection) {
    const Splice::Outcome in = connection->in.pump(connection->outer, connection->inner, pipes_);
    const Splice::Outcome out = connection->out.pump(connection->inner, connection->outer, pipes_);
    if (in == Splice::Outcome::broken || out == Splice::Outcome::broken) return reset(connection);
    if (connection->in.has_ended() && connection->out.has_ended()) return remove(connection);
    const bool goes_on = in == Splice::Outcome::goes_on || out == Splice::Outcome::goes_on;
    if (goes_on && !std::exchange(connection->queued, true)) ready_.push_back(connection);
}

// Both sides learn that it did not come to its end.
void TcpRelay::reset(Place connection) {
    constexpr linger kAtOnce{.l_onoff = 1, .l_linger = 0};
    for (const os::Fd* socket : {&connection->outer, &connection->inner})
        if (*socket)
            (void)::setsockopt(socket->get(), SOL_SOCKET, SO_LINGER, &kAtOnce, sizeof kAtOnce);
    remove(connection);
}

void TcpRelay::remove(Place connection) {
    events_->forget(connection->outer);
    if (connection->inner) events_->forget(connection->inner);
    if (connection->queued) std::erase(ready_, connection);
    connections_.erase(connection);
}

}  // namespace sbx::network
