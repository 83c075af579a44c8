#include "container/wiring.h"

#include "network/tap.h"
#include "os/namespaces.h"

namespace sbx::container {

std::string Wiring::end() {
    std::string refused = stack_ ? stack_->finish() : "";
    stack_.reset();
    pasta_.reset();
    return refused;
}

static Result<network::Stack::Wish> stack_for(const network::Settings& settings,
                                              const Wiring::Wish& wish) {
    network::Stack::Wish stack{.settings = settings};
    if (!wish.egress) return stack;
    stack.egress = wish.egress->rules;
    stack.log = TRY(open_egress_log(wish.egress->log, wish.watched));
    return stack;
}

Result<sandbox::Network> Wiring::begin_pasta(const network::PastaOptions& options) {
    pasta_.emplace(TRY(network::Pasta::start(options)));
    sandbox::Network network;
    network.make = []() -> Result<std::vector<os::Fd>> {
        std::vector<os::Fd> namespaces;
        namespaces.push_back(TRY(os::own_user_namespace()));
        namespaces.push_back(TRY(os::own_network_namespace()));
        return namespaces;
    };
    network.serve = [this](const std::vector<os::Fd>& namespaces) {
        return pasta_->serve(namespaces.front(), namespaces.back());
    };
    network.await = [this] { return pasta_->await(); };
    return network;
}

Result<std::optional<sandbox::Network>> Wiring::begin(const Wish& wish) {
    (void)end();
    if (wish.pasta) return std::optional(TRY(begin_pasta(*wish.pasta), "--network pasta"));
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
