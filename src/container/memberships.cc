#include "container/memberships.h"

#include "base/log.h"
#include "base/text.h"
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

static network::Way way_for(const network::SharedNetwork& network,
                            const std::vector<Connection>& before) {
    return network.internal || way_out(before) ? network::Way::within : network::Way::out;
}

static network::Application applicant(const Memberships::Wish& wish, const Attachment& attachment) {
    network::Application who = application_of(attachment, wish.record);
    if (wish.egress) who.egress = wish.egress->rules;
    return who;
}

Result<> Memberships::join(const Wish& wish, const Attachment& attachment, const os::Fd& log) {
    const store::Networks networks = TRY(store::Networks::open(wish.store));
    const store::Network record = TRY(networks.find(attachment.network));
    const network::SharedNetwork network = TRY(shared_network(record));
    os::Fd folder = TRY(networks.runtime_folder(record));
    network::Membership membership =
        TRY(network::Membership::join(folder, network, applicant(wish, attachment), log));
    if (membership.has_started_it() && wish.scope) {
        const Result<> moved = move_to_scope(membership.server(), network.id, *wish.scope);
        if (!moved) log::debug("{}", moved.error().text());  // it works nevertheless
    }
    devices_.push_back(device_of(network, membership.place(), attachment.interface,
                                 way_for(network, connections_)));
    connections_.push_back(connection_to(network, attachment, membership.place()));
    memberships_.push_back(std::move(membership));
    folders_.push_back(std::move(folder));
    return {};
}

// The one that is asked for names asks the others.
Result<> Memberships::acquaint(const std::string& container) const {
    const Connection* server = name_server(connections_);
    for (std::size_t i = 0; server && i < connections_.size(); ++i) {
        if (&connections_[i] == server) continue;
        Result<> said = network::acquaint(
            {.asking = folders_[static_cast<std::size_t>(server - connections_.data())],
             .asked = folders_[i],
             .network = connections_[i].id,
             .container = container});
        if (said) continue;
        return std::move(said)
            .error()
            .context(fmt::format("network '{}'", connections_[i].network))
            .hint("a network's process that is of an older sbx ends with its last container");
    }
    return {};
}

Result<std::optional<sandbox::Network>> Memberships::begin(const Wish& wish) {
    (void)end();
    if (wish.attachments.empty()) return std::optional<sandbox::Network>();
    os::Fd log;
    if (wish.egress) log = TRY(open_egress_log(wish.egress->log, wish.watched));
    for (const Attachment& attachment : wish.attachments)
        TRY(join(wish, attachment, log));
    TRY(acquaint(wish.record.id));
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

std::string Memberships::end() {
    std::vector<std::string> refused;
    for (const network::Membership& one : memberships_)
        if (std::string some = one.refused(); !some.empty()) refused.push_back(std::move(some));
    memberships_.clear();
    folders_.clear();
    connections_.clear();
    devices_.clear();
    return sbx::join(refused, "; ");
}

}  // namespace sbx::container
