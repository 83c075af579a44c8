#include "network/membership.h"

#include <algorithm>
#include <chrono>

#include <errno.h>
#include <poll.h>

#include "network/switch.h"
#include "network/switch_process.h"
#include "os/lock.h"
#include "os/socket.h"

namespace sbx::network {

static constexpr const char* kSocket = "socket";
static constexpr std::chrono::seconds kPatience{30};

// One that is stopped is not waited for without end: whoever waits holds locks.
static Result<> wait_for_word(os::FdView line, std::chrono::seconds patience) {
    using std::chrono::milliseconds;
    using std::chrono::steady_clock;
    const steady_clock::time_point end = steady_clock::now() + patience;
    pollfd next{.fd = line.get(), .events = POLLIN, .revents = 0};
    for (;;) {
        const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
        const int count = ::poll(&next, 1, std::max(0, static_cast<int>(left.count())));
        if (count > 0) return {};
        if (count == 0) return Error(Error::Kind::busy, "the network's process does not answer");
        if (errno != EINTR) return Error::from_errno(errno, "wait for the network's process");
    }
}

static Result<Json> hear(os::FdView line, std::chrono::seconds patience = kPatience) {
    TRY(wait_for_word(line, patience));
    const std::optional<os::Message> message = TRY(os::receive_message(line));
    if (message) return parse_word(*message);
    return Error(Error::Kind::not_found, "the network's process has ended");
}

static Result<Json> ask(os::FdView line, const Json& question,
                        const std::vector<os::FdView>& fds = {}) {
    Result<> sent = os::send_message(line, question.dump(), fds);
    // Where it has ended, it may have said why.
    if (!sent && !sent.failed_with(std::errc::broken_pipe)) return std::move(sent).error();
    return hear(line);
}

// Nobody may be there, be about to end, or have been killed.
static bool is_absent(const Error& error) {
    return error.kind() == Error::Kind::not_found || error.is(std::errc::connection_refused) ||
           error.is(std::errc::connection_reset) || error.is(std::errc::broken_pipe);
}

static Result<os::Fd> start(os::FdView folder, const SharedNetwork& network) {
    const os::Fd listener = TRY(os::listen_at(folder, kSocket));
    return start_switch(network, listener);
}

// One of an older sbx knows nothing of rules.
static Result<> check_is_judged(const Json& answer) {
    if (TRY(answer.get_or<bool>("judged", false))) return {};
    return Error(Error::Kind::unsupported, "the network's process holds nobody to rules")
        .hint("it is of an older sbx, and ends with the last container on the network");
}

Result<> Membership::apply(const Application& who, os::FdView log) {
    std::vector<os::FdView> fds;
    if (log.get() >= 0) fds.push_back(log);
    const Json answer = TRY(ask(line_, who.to_json().set("verb", "join"), fds));
    is_judged_ = who.egress.has_value();
    if (is_judged_) TRY(check_is_judged(answer));
    place_ = TRY(Place::from_json(answer));
    server_ = static_cast<pid_t>(TRY(answer.get<std::int64_t>("pid")));
    return {};
}

// One at a time: whoever comes while a network's process ends starts another one.
Result<Membership> Membership::join(os::FdView folder, const SharedNetwork& network,
                                    const Application& who, os::FdView log) {
    const os::Lock lock = TRY(os::Lock::take(folder, "lock", os::Share::exclusive, kPatience));
    Result<os::Fd> line = os::connect_at(folder, kSocket);
    if (line) {
        Membership there(*std::move(line), false);
        Result<> joined = there.apply(who, log);
        if (joined) return there;
        if (!is_absent(joined.error())) return std::move(joined).error();
    } else if (!is_absent(line.error())) {
        return std::move(line).error();
    }
    Membership first(TRY(start(folder, network)), true);
    TRY(first.apply(who, log), "network '{}'", network.name);
    return first;
}

Result<> Membership::serve(os::FdView tap, os::FdView process) const {
    std::vector<os::FdView> fds = {tap};
    if (process.get() >= 0) fds.push_back(process);
    (void)TRY(ask(line_, Json::object().set("verb", "device"), fds));
    return {};
}

std::string Membership::refused() const {
    constexpr std::chrono::seconds kShort(1);
    if (!is_judged_ || !os::send_message(line_, Json::object().set("verb", "refused").dump()))
        return {};
    const Result<Json> answer = hear(line_, kShort);
    return answer ? answer->get_or<std::string>("text", "").value_or("") : "";
}

static Result<> tell(os::FdView folder, const Json& what, const std::vector<os::FdView>& fds = {}) {
    Result<os::Fd> line = os::connect_at(folder, kSocket);
    if (!line && is_absent(line.error())) return {};
    if (!line) return std::move(line).error();
    Result<Json> known = ask(*line, what, fds);
    if (known || is_absent(known.error())) return {};
    return std::move(known).error();
}

Result<> leave(os::FdView folder, const std::string& id) {
    return tell(folder, Json::object().set("verb", "leave").set("id", id));
}

Result<> acquaint(const Acquaintance& wish) {
    const os::SocketPair ends = TRY(os::open_socket_pair());
    const Json who = Json::object().set("id", wish.container).set("network", wish.network);
    TRY(tell(wish.asked, Json(who).set("verb", "asker"), {ends.other}));
    return tell(wish.asking, Json(who).set("verb", "others"), {ends.one});
}

os::NetDeviceSetup device_of(const SharedNetwork& network, const Place& place,
                             const std::string& name, Way way) {
    const Layout& layout = network.layout;
    const auto gateway = [&](const Layout::Side& side) {
        return way == Way::out ? side.gateway.bytes() : std::string();
    };
    os::NetDeviceSetup setup{.name = name, .hardware = place.hardware, .mtu = layout.mtu};
    setup.places.push_back({.address = place.v4.bytes(),
                            .prefix = layout.v4.subnet.bits,
                            .gateway = gateway(layout.v4)});
    if (layout.v6 && place.v6)
        setup.places.push_back({.address = place.v6->bytes(),
                                .prefix = layout.v6->subnet.bits,
                                .gateway = gateway(*layout.v6)});
    return setup;
}

}  // namespace sbx::network
