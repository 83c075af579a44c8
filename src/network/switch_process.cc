#include "network/switch_process.h"

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

#include "network/confinement.h"
#include "network/own_addresses.h"
#include "network/stack_process.h"
#include "network/switch.h"
#include "os/memory.h"
#include "os/orphan.h"
#include "os/routes.h"
#include "os/signals.h"

namespace sbx::network {

// Besides it takes in who comes.
static constexpr auto kCalls = [] {
    std::array<std::uint32_t, kStackCalls.size() + 1> calls{};
    std::ranges::copy(kStackCalls, calls.begin());
    calls.back() = SYS_accept4;
    return calls;
}();

static std::string resolv_for(const SharedNetwork& network) {
    if (network.servers.empty()) return host_resolv();
    std::string text;
    for (const std::string& server : network.servers)
        text += fmt::format("nameserver {}\n", server);
    return text;
}

// Once it runs, whoever has started it is one of those that it serves, and `told` is closed.
static Result<> serve(const SharedNetwork& network, os::FdView listener, os::Fd line,
                      os::Fd& told) {
    os::reset_signals();
    forget_environment();
    TRY(leave_all_but({listener, line, told}));
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

Result<> start_switch(const SharedNetwork& network, os::FdView listener, os::FdView line) {
    (void)TRY(os::spawn_orphan([&] {
                  os::Fd told(::fcntl(line.get(), F_DUPFD_CLOEXEC, 0));
                  const Result<> served = serve(network, listener, os::Fd(line.get()), told);
                  if (!served && told)
                      (void)os::send_message(told, served.error().pack());  // or it has left
                  ::_exit(served ? 0 : 1);
              }),
              "starting the process of network '{}'", network.name);
    return {};
}

}  // namespace sbx::network
