#include "container/networks.h"

#include <algorithm>

#include "base/text.h"
#include "container/attachment.h"
#include "network/closed.h"
#include "os/random.h"
#include "os/routes.h"

namespace sbx::container {

using network::Address;
using network::Subnet;

// --- meaning -------------------------------------------------------------------------------------

static Result<Address> address_in(std::string_view text) {
    const std::optional<Address> address = Address::parse(text);
    if (!address) return Error(Error::Kind::failed, "'{}' is no address", excerpt(text));
    return *address;
}

// The name server is behind all that can be members, unless the gateway is there.
static Address names_of(const Subnet& subnet, const Address& gateway) {
    const Address last = subnet.at(subnet.last() - 1);
    return last == gateway ? subnet.at(subnet.last() - 2) : last;
}

static Result<network::Layout::Side> side_of_v6(const store::NetworkSubnet& record,
                                                const network::Layout::Side& v4) {
    network::Layout::Side side{.subnet = TRY(Subnet::parse(record.subnet))};
    side.gateway = TRY(address_in(record.gateway));
    side.names = side.subnet.at(v4.subnet.number_of(v4.names));
    if (side.names == side.gateway) side.names = side.subnet.at(v4.subnet.last());
    return side;
}

static Result<unsigned> mtu_of(const store::Network& network) {
    const auto found = network.options.find("mtu");
    if (found == network.options.end()) return network::Layout().mtu;
    return static_cast<unsigned>(TRY(parse_number(found->second, 0, UINT16_MAX), "mtu"));
}

Result<network::SharedNetwork> shared_network(const store::Network& network) {
    const store::NetworkSubnet& first = network.subnets.front();
    network::SharedNetwork shared{.id = network.id, .name = network.name};
    network::Layout::Side& v4 = shared.layout.v4;
    v4.subnet = TRY(Subnet::parse(first.subnet));
    v4.gateway = TRY(address_in(first.gateway));
    v4.names = names_of(v4.subnet, v4.gateway);
    if (network.subnets.size() > 1) shared.layout.v6 = TRY(side_of_v6(network.subnets[1], v4));
    shared.layout.mtu = TRY(mtu_of(network));
    shared.range = first.range.empty() ? v4.subnet : TRY(Subnet::parse(first.range));
    shared.internal = network.internal;
    shared.names = network.dns;
    shared.servers = network.servers;
    return shared;
}

// --- making --------------------------------------------------------------------------------------

static bool overlaps_any(const Subnet& subnet, const std::vector<Subnet>& others) {
    return std::ranges::any_of(others, [&](const Subnet& one) { return one.overlaps(subnet); });
}

// 10.89.0.0/24 and what follows, as podman has them.
static Result<Subnet> free_subnet(const TakenSubnets& taken) {
    constexpr std::uint32_t kFirst = 0x0a590000;
    constexpr std::uint32_t kEnd = 0x0b000000;
    constexpr std::uint32_t kStep = 0x100;
    for (std::uint32_t number = kFirst; number < kEnd; number += kStep) {
        const Subnet subnet{.network = Address::of_number(number), .bits = 24};
        if (!overlaps_any(subnet, taken.networks) && !overlaps_any(subnet, taken.hosts))
            return subnet;
    }
    return Error(Error::Kind::busy, "no subnet is left").hint("--subnet names one");
}

// RFC 4193, section 3.2.
static Subnet random_subnet_of_v6() {
    const std::string digits = os::random_hex(10);
    const std::string text =
        fmt::format("fd{}:{}:{}::", digits.substr(0, 2), digits.substr(2, 4), digits.substr(6, 4));
    return {.network = Address::known(text), .bits = 64};
}

// There has to be room for a member beside gateway and name server, and in 32 bits for its number.
static Result<Subnet> parse_subnet(const std::string& text, const TakenSubnets& taken) {
    const Subnet subnet = TRY(Subnet::parse(text), "--subnet");
    const bool v6 = subnet.network.is_v6();
    const unsigned least = v6 ? 16 : 8;
    const unsigned most = v6 ? 96 : 29;
    if (subnet.bits < least || subnet.bits > most)
        return Error(Error::Kind::usage, "--subnet {}: /{} to /{} can be had of IPv{}",
                     excerpt(text), least, most, v6 ? 6 : 4);
    if (network::is_closed(subnet.network) || network::is_closed(subnet.at(1)))
        return Error(Error::Kind::usage, "--subnet {}: these addresses have a meaning of their own",
                     excerpt(text));
    if (overlaps_any(subnet, taken.networks))
        return Error(Error::Kind::exists, "--subnet {}: another network has addresses of it",
                     excerpt(text));
    return subnet;
}

static Result<std::vector<Subnet>> choose_subnets(const NetworkOptions& options,
                                                  const TakenSubnets& taken) {
    std::optional<Subnet> v4;
    std::optional<Subnet> v6;
    for (const std::string& text : options.subnets) {
        const Subnet subnet = TRY(parse_subnet(text, taken));
        std::optional<Subnet>& place = subnet.network.is_v6() ? v6 : v4;
        if (place)
            return Error(Error::Kind::usage, "--subnet {}: there is one of IPv{} already",
                         excerpt(text), subnet.network.is_v6() ? 6 : 4);
        place = subnet;
    }
    if (!v4) v4 = TRY(free_subnet(taken));
    if (!v6 && options.ipv6) v6 = random_subnet_of_v6();
    std::vector<Subnet> chosen = {*v4};
    if (v6) chosen.push_back(*v6);
    return chosen;
}

static store::NetworkSubnet record_of(const Subnet& subnet) {
    return {.subnet = subnet.text(), .gateway = subnet.at(1).text()};
}

static Result<> apply_gateway(const std::string& text, std::vector<Subnet>& subnets,
                              store::Network& network) {
    const std::optional<Address> address = Address::parse(text);
    for (std::size_t i = 0; address && i < subnets.size(); ++i) {
        if (!subnets[i].has(*address)) continue;
        const std::uint32_t number = subnets[i].number_of(*address);
        if (number == 0 || number == subnets[i].last()) break;
        network.subnets[i].gateway = address->text();
        return {};
    }
    return Error(Error::Kind::usage, "--gateway {}: an address of the network belongs there",
                 excerpt(text));
}

static Result<> apply_range(const std::string& text, const Subnet& subnet,
                            store::NetworkSubnet& into) {
    const Subnet range = TRY(Subnet::parse(text), "--ip-range");
    if (!range.overlaps(subnet) || range.bits < subnet.bits)
        return Error(Error::Kind::usage, "--ip-range {}: it is no part of {}", excerpt(text),
                     subnet.text());
    into.range = range.text();
    return {};
}

// Besides what has a meaning of its own: the network, its gateway and name server, its broadcast.
static Result<> check_range(const std::string& text, const store::Network& network) {
    constexpr std::uint32_t kOfItsOwn = 4;
    const network::SharedNetwork shared = TRY(shared_network(network));
    const Subnet& range = shared.range;
    for (std::uint32_t number = 0; number <= std::min(range.last(), kOfItsOwn); ++number)
        if (network::check_place(shared, range.at(number))) return {};
    return Error(Error::Kind::usage, "--ip-range {}: it has no address for a container",
                 excerpt(text));
}

static Result<> apply_mtu(std::string_view value, bool v6, store::Network& network) {
    constexpr std::int64_t kMost = 65520;
    const std::int64_t least = v6 ? 1280 : 576;  // RFC 8200, section 5; RFC 791
    network.options["mtu"] = fmt::format("{}", TRY(parse_number(value, least, kMost)));
    return {};
}

static Result<> apply_option(std::string_view text, store::Network& network) {
    const auto pair = halves(text, '=');
    const std::string_view key = pair ? pair->before : text;
    const std::string_view value = pair ? pair->after : "";
    if (key == "mtu" || key == "com.docker.network.driver.mtu") {
        TRY(apply_mtu(value, network.subnets.size() > 1, network), "--opt {}", excerpt(text));
        return {};
    }
    if (key == "isolate" && (value == "true" || value == "strict")) {
        network.options["isolate"] = value;
        return {};
    }
    if (key == "isolate")
        return Error(Error::Kind::unsupported, "--opt {}: networks never reach each other",
                     excerpt(text));
    return Error(Error::Kind::unsupported, "--opt {}: mtu= and isolate=true are there",
                 excerpt(text));
}

static Result<> check_network_name(const std::string& name) {
    TRY(store::check_object_name("network", name));
    if (!is_network_mode(name)) return {};
    return Error(Error::Kind::usage, "'{}' means something else where a container is run", name);
}

Result<store::Network> compose_network(const NetworkOptions& options, const TakenSubnets& taken) {
    TRY(check_network_name(options.name));
    std::vector<Subnet> subnets = TRY(choose_subnets(options, taken));
    store::Network network{.id = os::random_hex(64), .name = options.name, .created = now()};
    for (const Subnet& subnet : subnets)
        network.subnets.push_back(record_of(subnet));
    for (const std::string& text : options.gateways)
        TRY(apply_gateway(text, subnets, network));
    if (options.ranges.size() > 1)
        return Error(Error::Kind::usage, "--ip-range: there can be one, of IPv4");
    for (const std::string& text : options.ranges) {
        TRY(apply_range(text, subnets.front(), network.subnets.front()));
        TRY(check_range(text, network));
    }
    for (const std::string& text : options.servers)
        if (!Address::parse(text))
            return Error(Error::Kind::usage, "--dns {}: an address belongs there", excerpt(text));
    network.servers = options.servers;
    network.internal = options.internal;
    network.dns = !options.disable_dns;
    network.labels = options.labels;
    for (const std::string& text : options.options)
        TRY(apply_option(text, network));
    return network;
}

static Result<TakenSubnets> taken_subnets(const store::Networks& networks) {
    TakenSubnets taken;
    for (const store::Network& network : TRY(networks.all()))
        for (const store::NetworkSubnet& one : network.subnets)
            taken.networks.push_back(TRY(Subnet::parse(one.subnet), "'networks/{}'", network.name));
    const os::Routes routes = TRY(os::Routes::open());
    for (const os::Routes::Destination& one : TRY(routes.destinations()))
        taken.hosts.push_back({.network = Address::of_bytes(one.address), .bits = one.bits});
    return taken;
}

Result<store::Network> create_network(const store::Store& store, const NetworkOptions& options) {
    const store::Networks networks = TRY(store::Networks::open(store));
    const os::Lock lock = TRY(networks.lock(os::Share::exclusive));
    if (networks.has(options.name))
        return Error(Error::Kind::exists, "there is a network '{}' already", options.name);
    const TakenSubnets taken = TRY(taken_subnets(networks));
    store::Network network = TRY(compose_network(options, taken));
    TRY(networks.create(network));
    return network;
}

// --- listing -------------------------------------------------------------------------------------

static bool is_on(const store::ContainerRecord& record, const std::string& network) {
    return std::ranges::find(record.networks, network) != record.networks.end();
}

Result<std::vector<ListedNetwork>> list_networks(const store::Store& store) {
    const store::Networks networks = TRY(store::Networks::open(store));
    const store::Containers containers = TRY(store::Containers::open(store));
    const std::vector<store::ContainerRecord> records = TRY(containers.all());
    std::vector<ListedNetwork> listed;
    for (store::Network& network : TRY(networks.all())) {
        ListedNetwork one{.network = std::move(network)};
        for (const store::ContainerRecord& record : records)
            if (is_on(record, one.network.name)) one.users.push_back(record);
        listed.push_back(std::move(one));
    }
    return listed;
}

Result<ListedNetwork> find_network(const store::Store& store, const std::string& text) {
    const store::Networks networks = TRY(store::Networks::open(store));
    const store::Network network = TRY(networks.find(text));
    for (ListedNetwork& one : TRY(list_networks(store)))
        if (one.network.name == network.name) return std::move(one);
    return Error(Error::Kind::not_found, "there is no network '{}'", excerpt(text));
}

static Json subnets_of(const store::Network& network) {
    Json subnets = Json::array();
    for (const store::NetworkSubnet& one : network.subnets) {
        Json subnet = Json::object().set("subnet", one.subnet).set("gateway", one.gateway);
        if (const Result<Subnet> range = Subnet::parse(one.range))
            subnet.set("lease_range", Json::object()
                                          .set("start_ip", range->network.text())
                                          .set("end_ip", range->at(range->last()).text()));
        subnets.push(std::move(subnet));
    }
    return subnets;
}

static Json interface_of(const Connection& c) {
    Json subnets = Json::array();
    subnets.push(Json::object()
                     .set("ipnet", fmt::format("{}/{}", c.v4, c.prefix4))
                     .set("gateway", c.gateway4));
    if (!c.v6.empty())
        subnets.push(Json::object()
                         .set("ipnet", fmt::format("{}/{}", c.v6, c.prefix6))
                         .set("gateway", c.gateway6));
    return Json::object().set("subnets", std::move(subnets)).set("mac_address", c.hardware);
}

static Json containers_of(const store::Store& store, const ListedNetwork& listed) {
    Json all = Json::object();
    const Result<store::Containers> containers = store::Containers::open(store);
    if (!containers) return all;
    for (const store::ContainerRecord& user : listed.users) {
        const std::optional<store::LiveState> live = containers->live(user.id);
        if (!live) continue;
        for (const Connection& c : connections_of(*live))
            if (c.id == listed.network.id)
                all.set(user.id,
                        Json::object()
                            .set("name", user.name)
                            .set("interfaces", Json::object().set(c.interface, interface_of(c))));
    }
    return all;
}

Json inspect_network(const store::Store& store, const ListedNetwork& listed) {
    const store::Network& network = listed.network;
    return Json::object()
        .set("name", network.name)
        .set("id", network.id)
        .set("driver", "bridge")
        .set("created", rfc3339(network.created))
        .set("subnets", subnets_of(network))
        .set("ipv6_enabled", network.subnets.size() > 1)
        .set("internal", network.internal)
        .set("dns_enabled", network.dns)
        .set("network_dns_servers", network.servers)
        .set("labels", network.labels)
        .set("options", network.options)
        .set("ipam_options", Json::object().set("driver", "host-local"))
        .set("containers", containers_of(store, listed));
}

// --- removing ------------------------------------------------------------------------------------

// Containers that are on it at this moment; one that goes meanwhile is gone.
static Result<> remove_users(const store::Store& store, const store::Networks& networks,
                             const std::string& name, const os::IdMap& ids) {
    for (const store::ContainerRecord& user : TRY(networks.users_of(name))) {
        Result<> removed = remove(store, user.id, ids, Force::kill);
        if (!removed && !removed.failed_as(Error::Kind::not_found)) return removed;
    }
    return {};
}

static Error in_use(const std::vector<store::ContainerRecord>& users) {
    std::vector<std::string> names;
    names.reserve(users.size());
    for (const store::ContainerRecord& user : users)
        names.push_back(fmt::format("'{}'", user.name));
    const bool many = users.size() > 1;
    return Error(Error::Kind::busy, "network is being used: container{} {} {} on it",
                 many ? "s" : "", join(names, ", "), many ? "are" : "is")
        .hint("--force removes the containers as well");
}

// One whose record is damaged goes by its name.
Result<> remove_network(const store::Store& store, const std::string& text, const os::IdMap& ids,
                        Force force) {
    const store::Networks networks = TRY(store::Networks::open(store));
    const std::string name = networks.has(text) ? text : TRY(networks.find(text)).name;
    if (force == Force::kill) TRY(remove_users(store, networks, name, ids));
    const os::Lock lock = TRY(networks.lock(os::Share::exclusive));
    const std::vector<store::ContainerRecord> users = TRY(networks.users_of(name));
    if (!users.empty()) return in_use(users);
    return networks.remove(name);
}

}  // namespace sbx::container
