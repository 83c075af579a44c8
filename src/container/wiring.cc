#include "container/wiring.h"

#include "network/tap.h"

namespace sbx::container {

void Wiring::end() {
    if (!stack_) return;
    stack_->stop();
    last_.emplace(*std::move(stack_));
    stack_.reset();
}

Result<std::optional<sandbox::Network>> Wiring::begin(
    const std::optional<network::Settings>& settings) {
    end();
    if (last_) last_->wait();
    last_.reset();
    if (!settings) return std::optional<sandbox::Network>();
    stack_.emplace(TRY(network::Stack::start(*settings)));
    sandbox::Network network;
    network.make = [settings = *settings]() -> Result<std::vector<os::Fd>> {
        std::vector<os::Fd> devices;
        devices.push_back(TRY(network::make_tap(settings)));
        return devices;
    };
    network.serve = [this](const std::vector<os::Fd>& devices) {
        return stack_->serve(devices.front());
    };
    network.await = [this] { return stack_->await(); };
    return std::optional(std::move(network));
}

}  // namespace sbx::container
