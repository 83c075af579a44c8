#include "container/memberships.h"

#include <algorithm>

#include "base/log.h"
#include "container/networks.h"
#include "network/tap.h"
#include "sandbox/systemd.h"

namespace sbx::container {

// systemd would count it as the container's, or as the session's, which could not end then.
static Result<> move_to_scope(pid_t pid, const std::string& id, const sandbox::Scope& scope) {
    sandbox::Systemd systemd = TRY(sandbox::Systemd::open(scope.bus));
    return systemd.start_scope({.unit = fmt::format("sbx-network-{}.scope", id.substr(0, 12)),
                                .slice = scope.slice,
                                .description = "network of sbx"},
                               static_cast<std::uint32_t>(pid));
}

// The first one that leads out does so for all that is for the world.
static network::Way way_for(const network::SharedNetwork& network,
                            const std::vector<Connection>& before) {
    const bool out = std::ranges::any_of(before, [](const Connection& c) { return !c.internal; });
    return network.internal || out ? network::Way::within : network::Way::out;
}

Result<> Memberships::join(const Wish& wish, const Attachment& attachment,
                           const network::Application& who) {
    const store::Networks networks = TRY(store::Networks::open(wish.store));
    const store::Network record = TRY(networks.find(attachment.network));
    const network::SharedNetwork network = TRY(shared_network(record));
    const os::Fd folder = TRY(networks.runtime_folder(record));
    network::Membership membership = TRY(network::Membership::join(folder, network, who));
    if (membership.has_started_it() && wish.scope) {
        const Result<> moved = move_to_scope(membership.server(), network.id, *wish.scope);
        if (!moved) log::debug("{}", moved.error().text());  // it works nevertheless
    }
    devices_.push_back(device_of(network, membership.place(), attachment.interface,
                                 way_for(network, connections_)));
    connections_.push_back(connection_to(network, attachment, membership.place()));
    memberships_.push_back(std::move(membership));
    return {};
}

// Those that lead nowhere come first, and one that asks others last.
std::vector<bool> who_asks_on(const std::vector<bool>& internal) {
    if (internal.empty()) return {};
    std::vector<bool> others(internal.size(), true);
    const auto last_out = std::ranges::find(internal.rbegin(), internal.rend(), false);
    const std::ptrdiff_t last = last_out == internal.rend()
                                    ? static_cast<std::ptrdiff_t>(internal.size()) - 1
                                    : std::distance(last_out, internal.rend()) - 1;
    others[static_cast<std::size_t>(last)] = false;
    return others;
}

static Result<std::vector<bool>> which_are_internal(const Memberships::Wish& wish) {
    const store::Networks networks = TRY(store::Networks::open(wish.store));
    std::vector<bool> internal;
    internal.reserve(wish.attachments.size());
    for (const Attachment& one : wish.attachments)
        internal.push_back(TRY(networks.find(one.network)).internal);
    return internal;
}

Result<std::optional<sandbox::Network>> Memberships::begin(const Wish& wish) {
    end();
    if (wish.attachments.empty()) return std::optional<sandbox::Network>();
    const std::vector<bool> others = who_asks_on(TRY(which_are_internal(wish)));
    for (std::size_t i = 0; i < wish.attachments.size(); ++i) {
        network::Application who = application_of(wish.attachments[i], wish.record);
        who.has_other_servers = others[i];
        TRY(join(wish, wish.attachments[i], who));
    }
    sandbox::Network network;
    network.make = [devices = devices_]() -> Result<std::vector<os::Fd>> {
        std::vector<os::Fd> taps;
        taps.reserve(devices.size());
        for (const os::NetDeviceSetup& device : devices)
            taps.push_back(TRY(network::make_tap(device), "device '{}'", device.name));
        return taps;
    };
    network.serve = [this](const std::vector<os::Fd>& devices) { return serve(devices); };
    network.await = [] { return Result<>(); };
    return std::optional(std::move(network));
}

Result<> Memberships::serve(const std::vector<os::Fd>& devices) const {
    if (devices.size() != memberships_.size())
        return Error(Error::Kind::failed, "the container has {} devices, not {}", devices.size(),
                     memberships_.size());
    for (std::size_t i = 0; i < devices.size(); ++i)
        TRY(memberships_[i].serve(devices[i]), "network '{}'", connections_[i].network);
    return {};
}

void Memberships::end() {
    memberships_.clear();
    connections_.clear();
    devices_.clear();
}

}  // namespace sbx::container
