// What a container has of a shared network while it runs.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "container/attachment.h"
#include "store/containers.h"

namespace sbx::container {

struct Connection {
    std::string network = {};  // its name
    std::string id = {};       // the network's
    std::string interface = {};
    std::string v4 = {};  // "10.89.0.2"; empty while the container does not run
    unsigned prefix4 = 0;
    std::string gateway4 = {};
    std::string v6 = {};
    unsigned prefix6 = 0;
    std::string gateway6 = {};
    std::string hardware = {};
    std::string server = {};  // that is asked for names; empty where there is none
    bool internal = false;    // the server knows no others
    std::vector<std::string> aliases = {};

    friend bool operator==(const Connection&, const Connection&) = default;
};

Json to_json(const std::vector<Connection>& connections);
Result<std::vector<Connection>> connections_from(const Json& json);

// Of a container that runs; none where it shares no network.
std::vector<Connection> connections_of(const store::LiveState& live);

Connection connection_to(const network::SharedNetwork& network, const Attachment& attachment,
                         const network::Place& place);

// As docker has it below NetworkSettings.Networks.
Json settings_of(const Connection& connection);

}  // namespace sbx::container
