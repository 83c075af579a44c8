#include "network/udp_relay.h"

#include <algorithm>

#include "network/datagram.h"
#include "network/inside.h"

namespace sbx::network {

static constexpr int kMostAtOnce = 64;  // then others have their turn

Result<> UdpRelay::add(Listener listener) {
    listeners_.push_back(std::move(listener));
    const Listener& kept = listeners_.back();
    return events_->watch(kept.socket, EPOLLIN,
                          [this, &kept](std::uint32_t) { on_listener(kept); });
}

int UdpRelay::turn(Clock::time_point now) {
    constexpr std::chrono::seconds kPatience(90);
    constexpr int kStep = 10'000;
    for (auto flow = flows_.begin(); flow != flows_.end();) {
        const auto next = std::next(flow);
        if (now - flow->second.last >= kPatience) remove(flow);
        flow = next;
    }
    return flows_.empty() ? -1 : kStep;
}

void UdpRelay::on_listener(const Listener& listener) {
    for (int i = 0; i < kMostAtOnce; ++i) {
        const auto datagram = receive_datagram(listener.socket, bytes_);
        if (!datagram) return;
        const Peer peer{.listener = &listener, .peer = datagram->peer, .own = datagram->own};
        send_in(peer, flow_of(peer), datagram->size);
    }
}

UdpRelay::Flow& UdpRelay::flow_of(const Peer& peer) {
    const auto known = flows_.find(peer);
    if (known != flows_.end()) return known->second;
    if (flows_.size() >= most_)
        remove(
            std::ranges::min_element(flows_, {}, [](const auto& one) { return one.second.last; }));
    const PortMapping& port = peer.listener->port;
    return flows_.emplace(peer, Flow{.ways = ways_to(port.container.number, port.host().family())})
        .first->second;
}

// In place of the socket that nobody listens to.
bool UdpRelay::connect_next_way(const Peer& peer, Flow& flow) {
    while (!flow.ways.empty()) {
        const Endpoint way = flow.ways.front();
        flow.ways.erase(flow.ways.begin());
        if (flow.inner) events_->forget(flow.inner);
        flow.inner = os::Fd(::socket(way.family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (!flow.inner || ::connect(flow.inner.get(), way.raw(), way.size()) != 0) continue;
        if (events_->watch(flow.inner, EPOLLIN,
                           [this, peer, &flow](std::uint32_t) { on_inner(peer, flow); }))
            return true;
    }
    return false;
}

static bool is_refused(const os::Fd& socket) {
    int err = 0;
    socklen_t size = sizeof err;
    (void)::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &err, &size);
    return err == ECONNREFUSED;
}

// What is sent within one machine is refused at once, if it is. Where nobody listens yet it is
// lost, and all ways are tried again with the next datagram.
void UdpRelay::send_in(const Peer& peer, Flow& flow, std::size_t size) {
    flow.last = Clock::now();
    if (!flow.inner && !connect_next_way(peer, flow)) return remove(flows_.find(peer));
    for (;;) {
        const bool sent = ::send(flow.inner.get(), bytes_.data(), size, MSG_NOSIGNAL) >= 0;
        const bool refused = (!sent && errno == ECONNREFUSED) || is_refused(flow.inner);
        if (!refused) return;
        if (!connect_next_way(peer, flow)) return remove(flows_.find(peer));
    }
}

void UdpRelay::on_inner(const Peer& peer, Flow& flow) {
    for (int i = 0; i < kMostAtOnce; ++i) {
        const ssize_t size = ::recv(flow.inner.get(), bytes_.data(), bytes_.size(), 0);
        if (size < 0 && errno == ECONNREFUSED) return remove(flows_.find(peer));
        if (size < 0) return;
        flow.last = Clock::now();
        send_datagram(peer.listener->socket, {.peer = peer.peer, .own = peer.own},
                      std::span(bytes_).first(static_cast<std::size_t>(size)));
    }
}

void UdpRelay::stop() {
    for (const Listener& listener : listeners_)
        events_->forget(listener.socket);
    while (!flows_.empty())
        remove(flows_.begin());
    listeners_.clear();
}

void UdpRelay::remove(Flows::iterator flow) {
    if (flow->second.inner) events_->forget(flow->second.inner);
    flows_.erase(flow);
}

}  // namespace sbx::network
