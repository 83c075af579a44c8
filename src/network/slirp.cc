#include "network/slirp.h"

#include <chrono>
#include <cstdlib>
#include <cstring>

#include <libslirp.h>
#include <resolv.h>

namespace sbx::network {

struct Slirp::State {
    std::string resolv;
    Send send;
    ::Slirp* stack = nullptr;
    std::unique_ptr<Quota> quota = {};
    std::vector<pollfd>* waited_for = nullptr;  // while prepare() runs
    std::size_t first = 0;                      // of its own there
    std::span<const pollfd> seen = {};          // while proceed() runs
};

namespace {

std::int64_t clock_now(void* /*opaque*/) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// Its one timer announces routers, which a device with its addresses given needs none of.
void* new_timer(SlirpTimerCb /*action*/, void* /*data*/, void* opaque) { return opaque; }
void free_timer(void* /*timer*/, void* /*opaque*/) {}
void set_timer(void* /*timer*/, std::int64_t /*when*/, void* /*opaque*/) {}

void ignore_text(const char* /*text*/, void* /*opaque*/) {}
void ignore_descriptor(int /*fd*/, void* /*opaque*/) {}
void ignore(void* /*opaque*/) {}

short to_poll(int events) {
    int all = 0;
    if ((events & SLIRP_POLL_IN) != 0) all |= POLLIN;
    if ((events & SLIRP_POLL_OUT) != 0) all |= POLLOUT;
    if ((events & SLIRP_POLL_PRI) != 0) all |= POLLPRI;
    return static_cast<short>(all);
}

int from_poll(short events) {
    int all = 0;
    if ((events & POLLIN) != 0) all |= SLIRP_POLL_IN;
    if ((events & POLLOUT) != 0) all |= SLIRP_POLL_OUT;
    if ((events & POLLPRI) != 0) all |= SLIRP_POLL_PRI;
    if ((events & POLLERR) != 0) all |= SLIRP_POLL_ERR;
    if ((events & POLLHUP) != 0) all |= SLIRP_POLL_HUP;
    return all;
}

in_addr v4(const Address& address) {
    in_addr to{};
    std::memcpy(&to, address.bytes().data(), sizeof to);
    return to;
}

in6_addr v6(const Address& address) {
    in6_addr to{};
    std::memcpy(&to, address.bytes().data(), sizeof to);
    return to;
}

SlirpConfig config_of(const Layout& layout) {
    SlirpConfig config{};
    config.version = SLIRP_CONFIG_VERSION_MAX;
    config.in_enabled = true;
    config.vnetwork = v4(layout.v4.subnet.network);
    config.vnetmask = v4(Address::of_number(~std::uint32_t{0} << (32 - layout.v4.subnet.bits)));
    config.vhost = v4(layout.v4.gateway);
    config.vnameserver = v4(layout.v4.names);
    config.vdhcp_start = v4(layout.v4.names);  // which gives none
    config.in6_enabled = layout.v6.has_value();
    if (layout.v6) {
        config.vprefix_addr6 = v6(layout.v6->subnet.network);
        config.vprefix_len = static_cast<std::uint8_t>(layout.v6->subnet.bits);
        config.vhost6 = v6(layout.v6->gateway);
        config.vnameserver6 = v6(layout.v6->names);
    }
    config.if_mtu = layout.mtu;
    config.if_mru = layout.mtu;
    config.disable_host_loopback = !layout.allow_host_loopback;
    config.disable_dhcp = true;
    return config;
}

Connections connections_of(::Slirp* stack) {
    const std::unique_ptr<char, decltype(&std::free)> lines(::slirp_connection_info(stack),
                                                            &std::free);
    return parse_connections(lines.get());
}

}  // namespace

Slirp::Slirp(std::unique_ptr<State> state) : state_(std::move(state)) {}
Slirp::Slirp(Slirp&&) noexcept = default;

Slirp::~Slirp() {
    if (!state_) return;
    if (state_->stack) ::slirp_cleanup(state_->stack);
    ::slirp_set_resolv(nullptr);
}

Result<Slirp> Slirp::open(const Layout& layout, std::string resolv, Send send) {
    static constexpr SlirpCb kCallbacks = {
        .send_packet = [](const void* bytes, std::size_t size, void* opaque) -> ssize_t {
            static_cast<State*>(opaque)->send({static_cast<const char*>(bytes), size});
            return static_cast<ssize_t>(size);
        },
        .guest_error = ignore_text,
        .clock_get_ns = clock_now,
        .timer_new = new_timer,
        .timer_free = free_timer,
        .timer_mod = set_timer,
        .register_poll_fd = ignore_descriptor,
        .unregister_poll_fd = ignore_descriptor,
        .notify = ignore,
        .init_completed = nullptr,
        .timer_new_opaque = nullptr,
    };
    auto state = std::make_unique<State>();
    state->resolv = std::move(resolv);
    state->send = std::move(send);
    ::slirp_set_resolv(state->resolv.c_str());
    const SlirpConfig config = config_of(layout);
    state->stack = ::slirp_new(&config, &kCallbacks, state.get());
    if (!state->stack) return Error(Error::Kind::failed, "libslirp does not take the settings");
    state->quota =
        std::make_unique<Quota>(layout, [stack = state->stack] { return connections_of(stack); });
    return Slirp(std::move(state));
}

void Slirp::share_among(std::size_t members) { state_->quota->share_among(members); }

Connections Slirp::connections() const { return connections_of(state_->stack); }

void Slirp::receive(std::string_view frame) {
    const Quota::Decision decision = state_->quota->judge(frame, std::chrono::steady_clock::now());
    if (!decision.answer.empty()) state_->send(decision.answer);
    if (!decision.goes_on) return;
    ::slirp_input(state_->stack, reinterpret_cast<const std::uint8_t*>(frame.data()),
                  static_cast<int>(frame.size()));
}

int Slirp::prepare(std::vector<pollfd>& waited_for) {
    state_->waited_for = &waited_for;
    state_->first = waited_for.size();
    std::uint32_t timeout = UINT32_MAX;
    ::slirp_pollfds_fill(
        state_->stack, &timeout,
        [](int fd, int events, void* opaque) -> int {
            const auto* state = static_cast<State*>(opaque);
            state->waited_for->push_back({.fd = fd, .events = to_poll(events), .revents = 0});
            return static_cast<int>(state->waited_for->size() - state->first - 1);
        },
        state_.get());
    state_->quota->note_sockets(waited_for.size() - state_->first);
    return timeout == UINT32_MAX ? -1 : static_cast<int>(timeout);
}

void Slirp::proceed(std::span<const pollfd> seen) {
    state_->seen = seen;
    ::slirp_pollfds_poll(
        state_->stack, 0,
        [](int index, void* opaque) -> int {
            const auto* state = static_cast<State*>(opaque);
            const auto at = static_cast<std::size_t>(index);
            return at < state->seen.size() ? from_poll(state->seen[at].revents) : 0;
        },
        state_.get());
    state_->seen = {};
}

}  // namespace sbx::network
