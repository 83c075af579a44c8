// Who is on a network, by which addresses and names. Nothing here touches a socket.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "network/egress_rules.h"
#include "network/shared_network.h"

namespace sbx::network {

// What a container asks for that comes to a network.
struct Application {
    std::string id;    // 64 hex digits
    std::string name;  // it answers to this, to the first 12 digits of its id and to the aliases
    std::vector<std::string> aliases = {};
    std::optional<Address> v4 = {};  // nothing: any that is free
    std::optional<Address> v6 = {};
    std::string hardware = {};               // 6 bytes; empty: made of its address
    std::optional<EgressRules> egress = {};  // nothing: it may reach the world

    Json to_json() const;
    static Result<Application> from_json(const Json& json);
};

// What it gets.
struct Place {
    Address v4 = {};
    std::optional<Address> v6 = {};
    std::string hardware = {};

    Json to_json() const;
    static Result<Place> from_json(const Json& json);
};

struct Member {
    unsigned port = 0;  // a number of the switch's
    Application who;
    Place place;
};

class Members {
public:
    explicit Members(SharedNetwork network) : network_(std::move(network)) {}

    const SharedNetwork& network() const { return network_; }

    // Kind::busy where an address is another member's, or none is left; Kind::usage where it cannot
    // be a member's.
    Result<const Member*> admit(unsigned port, Application who);
    void remove(unsigned port) { members_.erase(port); }

    const Member* at(unsigned port) const;
    const Member* with(const Address& address) const;
    std::vector<unsigned> ports_of(std::string_view id) const;

    // Those of all that answer to the name, which is in lower case.
    std::vector<Address> addresses_of(std::string_view name) const;

private:
    Result<Address> choose_v4(const Application& who) const;
    Result<std::optional<Address>> choose_v6(const Application& who, const Address& v4) const;
    Result<> check_free(const Address& address) const;
    bool is_taken(const Address& address) const;

    SharedNetwork network_;
    std::map<unsigned, Member> members_ = {};
};

// Whether a member of the network can have that address: neither the network's own ones, nor one
// with a meaning. Kind::usage.
Result<> check_place(const SharedNetwork& network, const Address& address);

std::string hardware_text(std::string_view hardware);              // "02:42:0a:59:00:02"
std::optional<std::string> parse_hardware(std::string_view text);  // of one device: no group

}  // namespace sbx::network
