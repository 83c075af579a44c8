#include "container/connect.h"

#include <algorithm>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "container/blueprint.h"
#include "container/egress_log.h"
#include "container/end.h"
#include "container/network_files.h"
#include "container/networks.h"
#include "network/membership.h"
#include "network/tap_within.h"
#include "os/namespaces.h"
#include "store/events.h"

namespace sbx::container {

namespace {

// A container whose state nobody else changes meanwhile.
struct Held {
    store::Containers containers;
    os::Lock lock;
    Blueprint blueprint;
    std::optional<store::LiveState> live;

    const std::string& id() const { return blueprint.record.id; }
};

}  // namespace

static Result<Held> hold(const store::Store& store, const std::string& id) {
    store::Containers containers = TRY(store::Containers::open(store));
    os::Lock lock = TRY(containers.lock(id));
    Blueprint blueprint = TRY(read_blueprint(containers, id));
    std::optional<store::LiveState> live = containers.live(id);
    return Held{.containers = std::move(containers),
                .lock = std::move(lock),
                .blueprint = std::move(blueprint),
                .live = std::move(live)};
}

static Result<> keep(const Held& held, const std::vector<Connection>& connections) {
    const Blueprint& blueprint = held.blueprint;
    std::vector<std::string> names;
    names.reserve(blueprint.attachments.size());
    for (const Attachment& one : blueprint.attachments)
        names.push_back(one.network);
    TRY(held.containers.write_spec(held.id(), to_json(blueprint)));
    TRY(held.containers.set_networks(held.id(), std::move(names)));
    if (!held.live) return {};
    store::LiveState live = *held.live;
    live.networks = to_json(connections);
    return held.containers.write_live(held.id(), live);
}

static void note(const store::Store& store, const store::Network& network, const char* action,
                 const store::ContainerRecord& record) {
    store::note(store, {.type = "network",
                        .action = action,
                        .id = network.id,
                        .attributes = {
                            {"name", network.name}, {"type", "bridge"}, {"container", record.id}}});
}

// --- files ---------------------------------------------------------------------------------------

// The file stays the one that is mounted in the container, which may have written to it.
static Result<> change_file(const Held& held, const char* name,
                            const std::function<std::string(std::string text)>& change) {
    constexpr std::size_t kLargest = std::size_t{1} << 20;
    const os::Fd folder = TRY(held.containers.runtime_folder(held.id()));
    const std::string before = TRY(os::read_file(folder, name, kLargest));
    const os::Fd file(
        ::openat(folder.get(), name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_TRUNC));
    if (!file) return Error::from_errno(errno, "open '{}'", name);
    return os::write_all(file, change(before));
}

static std::string without(std::string text, const std::string& lines) {
    const std::size_t at = lines.empty() ? text.npos : text.find(lines);
    return at == text.npos ? text : text.erase(at, lines.size());
}

static std::string own_lines(const Held& held, const Connection& connection) {
    return hosts_lines(connection, std::string(trim(held.blueprint.files.hostname)),
                       held.blueprint.record.name);
}

static bool has_chosen_servers(const Held& held) {
    const std::optional<std::string>& resolv = held.blueprint.files.resolv;
    return !resolv || resolv->contains("nameserver ");
}

static std::vector<Connection> connections_before(const Held& held) {
    return held.live ? connections_of(*held.live) : std::vector<Connection>();
}

// Where it is not as it was, the container has chosen others.
static Result<> change_server(const Held& held, const std::vector<Connection>& connections) {
    const std::string before = server_line(connections_before(held));
    const std::string now = server_line(connections);
    if (has_chosen_servers(held) || now == before) return {};
    return change_file(held, "resolv.conf", [&](std::string text) {
        const std::size_t at = text.find(before);
        return at == text.npos ? text : text.replace(at, before.size(), now);
    });
}

static Result<> name_connection(const Held& held, const Connection& connection) {
    if (held.blueprint.files.hosts.empty()) return {};
    return change_file(held, "hosts",
                       [&](const std::string& text) { return text + own_lines(held, connection); });
}

static Result<> forget_connection(const Held& held, const Connection& connection) {
    if (held.blueprint.files.hosts.empty()) return {};
    return change_file(held, "hosts", [&](std::string text) {
        return without(std::move(text), own_lines(held, connection));
    });
}

// --- ways ----------------------------------------------------------------------------------------

static Result<os::Fd> folder_of(const store::Networks& networks, const Connection& connection) {
    const store::Network network = TRY(networks.find(connection.id));
    return networks.runtime_folder(network);
}

// The one that is asked for names asks the others, as of now.
static Result<> acquaint(const store::Networks& networks, const Held& held,
                         const std::vector<Connection>& connections) {
    const Connection* server = name_server(connections);
    if (!server) return {};
    const os::Fd asking = TRY(folder_of(networks, *server));
    for (const Connection& one : connections) {
        if (&one == server) continue;
        const os::Fd asked = TRY(folder_of(networks, one));
        const Result<> said = network::acquaint(
            {.asking = asking, .asked = asked, .network = one.id, .container = held.id()});
        // Where the process of one was killed the container is off that, whatever is on record.
        if (!said) log::debug("network '{}': {}", one.network, said.error().text());
    }
    return {};
}

static std::string bytes_of(const std::string& address) {
    const std::optional<network::Address> parsed = network::Address::parse(address);
    return parsed ? parsed->bytes() : "";
}

// By the device of that network, in place of what led out before.
static Result<> lead_out(const Held& held, const store::LiveState& live, const Connection& by) {
    const os::Fd process = TRY(open_program(held.containers, held.id(), live));
    const std::uint64_t namespaces = TRY(os::namespaces_apart_from(live.pid));
    os::NetDeviceSetup device;
    device.name = by.interface;
    for (const std::string& gateway : {by.gateway4, by.gateway6})
        device.places.emplace_back().gateway = bytes_of(gateway);
    return network::lead_out_within(process, namespaces, device);
}

static void follow_way_out(const Held& held, const std::vector<Connection>& connections) {
    const std::vector<Connection> all_before = connections_before(held);
    const Connection* before = way_out(all_before);
    const Connection* now = way_out(connections);
    if (!held.live || !now || (before && before->id == now->id)) return;
    const Result<> led = lead_out(held, *held.live, *now);
    if (!led) log::debug("{}", led.error().text());  // its program may have changed its devices
}

// --- connecting ----------------------------------------------------------------------------------

static network::Application newcomer(const Held& held, const Attachment& wish) {
    network::Application who = application_of(wish, held.blueprint.record);
    if (held.blueprint.egress) who.egress = held.blueprint.egress->rules;
    return who;
}

static Result<os::Fd> open_log(const Held& held) {
    const std::optional<EgressChoice>& egress = held.blueprint.egress;
    return egress ? open_egress_log(egress->log, Watched::by_nobody) : os::Fd();
}

static Result<Connection> join(const Held& held, const store::LiveState& live, const os::Fd& folder,
                               const network::SharedNetwork& network, const Attachment& wish) {
    const bool within = network.internal || way_out(connections_of(live));
    const os::Fd process = TRY(open_program(held.containers, held.id(), live));
    const std::uint64_t namespaces = TRY(os::namespaces_apart_from(live.pid));
    const os::Fd log = TRY(open_log(held));
    const network::Membership membership =
        TRY(network::Membership::join(folder, network, newcomer(held, wish), log));
    const os::NetDeviceSetup device = device_of(network, membership.place(), wish.interface,
                                                within ? network::Way::within : network::Way::out);
    const os::Fd tap = TRY(network::make_tap_within(process, namespaces, device));
    TRY(membership.serve(tap, process));
    return connection_to(network, wish, membership.place());
}

static Result<> check_can_share(const Held& held, const Attachment& wish) {
    const Blueprint& blueprint = held.blueprint;
    if (!blueprint.shares)
        return Error(Error::Kind::unsupported,
                     "container '{}' was not made to share a network with others",
                     blueprint.record.name)
            .hint("--network NAME of `sbx run` and `sbx create` does that");
    for (const Attachment& one : blueprint.attachments)
        if (one.network == wish.network)
            return Error(Error::Kind::exists, "container '{}' is on network '{}' already",
                         blueprint.record.name, wish.network);
    return {};
}

Result<> connect(const store::Store& store, const std::string& id, Attachment wish) {
    const store::Networks networks = TRY(store::Networks::open(store));
    const os::Lock lock = TRY(networks.lock(os::Share::shared));
    const store::Network network = TRY(networks.find(wish.network));
    wish.network = network.name;
    TRY(check_attachment(wish, network));
    Held held = TRY(hold(store, id));
    TRY(check_can_share(held, wish));
    std::vector<Attachment>& attachments = held.blueprint.attachments;
    if (wish.interface.empty()) wish.interface = free_interface(attachments);
    std::vector<Connection> connections;
    if (held.live) {
        connections = connections_of(*held.live);
        const network::SharedNetwork shared = TRY(shared_network(network));
        const os::Fd folder = TRY(networks.runtime_folder(network));
        connections.push_back(TRY(join(held, *held.live, folder, shared, wish)));
        TRY(acquaint(networks, held, connections));
        TRY(name_connection(held, connections.back()));
        TRY(change_server(held, connections));
    }
    attachments.push_back(std::move(wish));
    TRY(keep(held, connections));
    note(store, network, "connect", held.blueprint.record);
    return {};
}

Result<> disconnect(const store::Store& store, const std::string& id, const std::string& text) {
    const store::Networks networks = TRY(store::Networks::open(store));
    const store::Network network = TRY(networks.find(text));
    Held held = TRY(hold(store, id));
    const std::size_t gone = std::erase_if(held.blueprint.attachments, [&](const Attachment& one) {
        return one.network == network.name;
    });
    if (gone == 0)
        return Error(Error::Kind::not_found, "container '{}' is not on network '{}'",
                     held.blueprint.record.name, network.name);
    std::vector<Connection> connections;
    if (held.live) {
        connections = connections_of(*held.live);
        const os::Fd folder = TRY(networks.runtime_folder(network));
        TRY(network::leave(folder, held.id()));
        for (const Connection& one : connections)
            if (one.id == network.id) TRY(forget_connection(held, one));
        std::erase_if(connections, [&](const Connection& one) { return one.id == network.id; });
        TRY(acquaint(networks, held, connections));
        follow_way_out(held, connections);
        TRY(change_server(held, connections));
    }
    TRY(keep(held, connections));
    note(store, network, "disconnect", held.blueprint.record);
    return {};
}

}  // namespace sbx::container
