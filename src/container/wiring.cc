#include "container/wiring.h"

#include <fcntl.h>

#include "network/tap.h"
#include "os/append_file.h"
#include "os/namespaces.h"

namespace sbx::container {

std::string Wiring::end() {
    std::string refused = stack_ ? stack_->finish() : "";
    stack_.reset();
    return refused;
}

// One of its own, at which nobody waits: who reads it may have stopped to.
static os::Fd standard_error() {
    return os::Fd(
        ::open("/proc/self/fd/2", O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

static Result<os::Fd> open_log(const std::string& path, bool is_watched) {
    if (path == "-") return is_watched ? standard_error() : os::Fd();
    if (path.empty()) return os::Fd();
    // The container may write to the folder, and lead elsewhere from there.
    return TRY(os::append_to(path), "--net-log");
}

static Result<network::Stack::Wish> stack_for(const network::Settings& settings,
                                              const Wiring::Wish& wish) {
    network::Stack::Wish stack{.settings = settings};
    if (!wish.egress) return stack;
    stack.egress = wish.egress->rules;
    stack.log = TRY(open_log(wish.egress->log, wish.is_watched));
    return stack;
}

Result<std::optional<sandbox::Network>> Wiring::begin(const Wish& wish) {
    (void)end();
    if (!wish.settings) return std::optional<sandbox::Network>();
    network::Stack::Wish stack = TRY(stack_for(*wish.settings, wish));
    stack_.emplace(TRY(network::Stack::start(std::move(stack))));
    sandbox::Network network;
    network.make = [settings = *wish.settings]() -> Result<std::vector<os::Fd>> {
        std::vector<os::Fd> devices;
        devices.push_back(TRY(network::make_tap(settings)));
        devices.push_back(TRY(os::own_network_namespace()));
        return devices;
    };
    network.serve = [this](const std::vector<os::Fd>& devices) {
        return stack_->serve(devices.front(), devices.back());
    };
    network.await = [this] { return stack_->await(); };
    return std::optional(std::move(network));
}

}  // namespace sbx::container
