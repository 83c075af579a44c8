#include "container/wiring.h"

#include "network/tap.h"

namespace sbx::container {

void Wiring::end() {
    if (!stack_) return;
    stack_->stop();
    last_.emplace(*std::move(stack_));
    stack_.reset();
}

std::optional<sandbox::Network> Wiring::begin(const std::optional<network::Settings>& settings) {
    end();
    if (last_) last_->wait();
    last_.reset();
    if (!settings) return std::nullopt;
    sandbox::Network network;
    network.make = [settings = *settings] { return network::make_tap(settings); };
    network.serve = [this, settings = *settings](os::Fd device) -> Result<> {
        stack_.emplace(TRY(network::Stack::start(settings, std::move(device))));
        return {};
    };
    network.await = [this] { return stack_->await(); };
    return network;
}

}  // namespace sbx::container
