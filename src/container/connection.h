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
    std::string server = {};  // that can be asked for names; empty where there is none
    bool internal = false;    // nothing of it reaches the world
    std::vector<std::string> aliases = {};

    friend bool operator==(const Connection&, const Connection&) = default;
};

Json to_json(const std::vector<Connection>& connections);
Result<std::vector<Connection>> connections_from(const Json& json);

// Of a container that runs; none where it shares no network.
std::vector<Connection> connections_of(const store::LiveState& live);

Connection connection_to(const network::SharedNetwork& network, const Attachment& attachment,
                         const network::Place& place);

// The one by which what is for the world leaves the container: the first that leads there. Nothing
// where none does.
const Connection* way_out(const std::vector<Connection>& connections);

// The one whose server the container asks for all names, those of its other networks among them:
// the way out, or else the first that has a server. Nothing where none has.
const Connection* name_server(const std::vector<Connection>& connections);

// As docker has it below NetworkSettings.Networks.
Json settings_of(const Connection& connection);

}  // namespace sbx::container
