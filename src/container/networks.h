// Networks and the containers that are on them: making, listing, removing, pruning.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "container/connection.h"
#include "container/end.h"
#include "network/shared_network.h"
#include "store/networks.h"

namespace sbx::container {

// What its process has to know of it.
Result<network::SharedNetwork> shared_network(const store::Network& network);

struct NetworkOptions {
    std::string name;
    std::vector<std::string> subnets = {};   // none: one that is free
    std::vector<std::string> gateways = {};  // in the order of the subnets
    std::vector<std::string> ranges = {};
    bool ipv6 = false;
    bool internal = false;
    bool disable_dns = false;
    std::vector<std::string> servers = {};
    std::map<std::string, std::string> labels = {};
    std::vector<std::string> options = {};  // "mtu=1500", "isolate=true"
};

// Where it does not lie: in other networks, and, unless that is asked for, where the host has a way
// of its own to.
struct TakenSubnets {
    std::vector<network::Subnet> networks = {};
    std::vector<network::Subnet> hosts = {};
};

// Kind::usage for words that mean nothing, Kind::exists for a subnet that is another network's.
Result<store::Network> compose_network(const NetworkOptions& options, const TakenSubnets& taken);
Result<store::Network> create_network(const store::Store& store, const NetworkOptions& options);

struct ListedNetwork {
    store::Network network;
    std::vector<store::ContainerRecord> users = {};
};
Result<std::vector<ListedNetwork>> list_networks(const store::Store& store);  // by name
Result<ListedNetwork> find_network(const store::Store& store, const std::string& text);

// All about it, as podman names it, with the addresses of the containers that run.
Json inspect_network(const store::Store& store, const ListedNetwork& listed);

// One that containers are on is only removed by force, and these with it: Kind::busy otherwise.
// Kind::not_found.
Result<> remove_network(const store::Store& store, const std::string& text, const os::IdMap& ids,
                        Force force);

}  // namespace sbx::container
