#include "network/switch_process.h"

#include <algorithm>
#include <array>

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "network/confinement.h"
#include "network/own_addresses.h"
#include "network/stack_process.h"
#include "network/switch.h"
#include "os/memory.h"
#include "os/orphan.h"
#include "os/process.h"
#include "os/routes.h"
#include "os/sealed_self.h"
#include "os/signals.h"
#include "os/socket.h"

namespace sbx::network {

// Besides it takes in who comes.
static constexpr auto kCalls = [] {
    std::array<std::uint32_t, kStackCalls.size() + 1> calls{};
    std::ranges::copy(kStackCalls, calls.begin());
    calls.back() = SYS_accept4;
    return calls;
}();

// --- starting it ---------------------------------------------------------------------------------

static Error become_switch(os::FdView program, const std::string& name, os::FdView line) {
    os::reset_signals();
    Result<> placed = os::place_at(line, STDIN_FILENO);
    if (!placed) return std::move(placed).error();
    return os::execute_file(program, {kSwitchName, name}, {});
}

Result<os::Fd> start_switch(const SharedNetwork& network, os::FdView listener) {
    const os::Fd program = TRY(os::sealed_self());
    os::SocketPair ends = TRY(os::open_socket_pair());
    TRY(os::send_message(ends.one, network.to_json().dump(), {listener}),
        "starting the process of network '{}'", network.name);
    (void)TRY(os::spawn_orphan([&] {
                  const Error error = become_switch(program, network.name, ends.other);
                  (void)os::send_message(ends.other, error.pack());  // or it has left
                  ::_exit(1);
              }),
              "starting the process of network '{}'", network.name);
    return std::move(ends.one);
}

// --- being it ------------------------------------------------------------------------------------

static std::string resolv_for(const SharedNetwork& network) {
    if (network.servers.empty()) return host_resolv();
    std::string text;
    for (const std::string& server : network.servers)
        text += fmt::format("nameserver {}\n", server);
    return text;
}

// Once it runs, whoever has started it is one of those that it serves, and `told` is closed.
static Result<> serve(os::Fd line, os::Fd& told) {
    const std::optional<os::Message> message = TRY(os::receive_message(line));
    if (!message || message->fds.size() != 1)
        return Error(Error::Kind::failed, "nobody says which network that is");
    const os::Fd& listener = message->fds.front();
    const Json word = TRY(parse_word(*message));
    const SharedNetwork network = TRY(SharedNetwork::from_json(word));
    std::string resolv = resolv_for(network);
    const uid_t owner = ::geteuid();
    const os::Routes routes = TRY(os::Routes::open());
    TRY(limit_stack());
    TRY(confine({.calls = kCalls, .requests = kStackRequests, .ends_with_parent = false}));
    OwnAddresses own([&](const Address& to) { return routes.ends_here(to.bytes()); });
    const std::unique_ptr<Switch> made =
        TRY(Switch::open({.listener = listener,
                          .first = std::move(line),
                          .owner = owner,
                          .network = network,
                          .is_of_host = [&](const Address& to) { return own.contain(to); },
                          .resolv = std::move(resolv)}));
    os::forget_program_pages();
    told.reset();
    return made->run();
}

static Result<> begin(os::Fd& told) {
    os::Fd line = TRY(os::duplicate(os::FdView::number(STDIN_FILENO)));
    told = TRY(os::duplicate(line));
    TRY(leave_all_but({line, told}));
    return serve(std::move(line), told);
}

int switch_main(const std::vector<std::string>& argv) {
    (void)::prctl(PR_SET_NAME, argv.front().c_str());
    ::signal(SIGXFSZ, SIG_IGN);  // a log at its limit (`ulimit -f`) grows no more
    os::Fd told;
    const Result<> served = begin(told);
    if (!served && told) (void)os::send_message(told, served.error().pack());  // or it has left
    return served ? 0 : 1;
}

}  // namespace sbx::network
