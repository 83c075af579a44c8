// Networks that containers share, as people have asked for them.
//
// A container is written down under the networks' lock, shared; networks are made and removed under
// it, exclusive: so none goes that a container is just getting, and no two have addresses in
// common. It comes after the volumes' lock and before that of a container which is being made.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/containers.h"
#include "store/store.h"

namespace sbx::store {

// Addresses are text here; what they mean is for others to know.
struct NetworkSubnet {
    std::string subnet;      // "10.89.0.0/24"
    std::string gateway;     // "10.89.0.1"
    std::string range = {};  // out of which members are given theirs; empty: all of it
};

struct Network {
    std::string id;  // 64 hex digits
    std::string name;
    Instant created = {};
    std::vector<NetworkSubnet> subnets = {};  // one of IPv4, and perhaps one of IPv6 behind it
    bool internal = false;
    bool dns = true;
    std::vector<std::string> servers = {};  // that names are asked of; none: those of the host
    std::map<std::string, std::string> labels = {};
    std::map<std::string, std::string> options = {};
};

class Networks {
public:
    static Result<Networks> open(const Store& store);

    Result<os::Lock> lock(os::Share share) const;

    Result<Network> find(const std::string& text) const;  // by name, id, or the beginning of an id
    Result<std::vector<Network>> all() const;             // by name, those that can be read
    Result<std::vector<std::string>> all_names() const;
    bool has(const std::string& name) const;  // be it damaged or not

    // Both want the lock, exclusive.
    Result<> create(const Network& network) const;   // Kind::exists
    Result<> remove(const std::string& name) const;  // absent is fine

    // The containers that are to be on it, in the order of their making. Fails where one cannot be
    // read.
    Result<std::vector<ContainerRecord>> users_of(const std::string& name) const;

    // In the runtime folder, made where it is missing: of its process.
    Result<os::Fd> runtime_folder(const Network& network) const;

private:
    Result<Network> read(const std::string& name) const;

    Networks(const Store& store, os::Fd directory)
        : store_(&store), directory_(std::move(directory)) {}

    const Store* store_;
    os::Fd directory_;
};

}  // namespace sbx::store
