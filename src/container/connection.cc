#include "container/connection.h"

#include <algorithm>

namespace sbx::container {

static Json json_of(const Connection& c) {
    return Json::object()
        .set("network", c.network)
        .set("id", c.id)
        .set("interface", c.interface)
        .set("v4", c.v4)
        .set("prefix4", std::uint32_t{c.prefix4})
        .set("gateway4", c.gateway4)
        .set("v6", c.v6)
        .set("prefix6", std::uint32_t{c.prefix6})
        .set("gateway6", c.gateway6)
        .set("hardware", c.hardware)
        .set("server", c.server)
        .set("internal", c.internal)
        .set("aliases", c.aliases);
}

Json to_json(const std::vector<Connection>& connections) {
    Json json = Json::array();
    for (const Connection& one : connections)
        json.push(json_of(one));
    return json;
}

static Result<Connection> connection_from(const Json& json) {
    Connection c;
    for (const auto& [key, into] :
         {std::pair("network", &c.network), std::pair("id", &c.id),
          std::pair("interface", &c.interface), std::pair("v4", &c.v4),
          std::pair("gateway4", &c.gateway4), std::pair("v6", &c.v6),
          std::pair("gateway6", &c.gateway6), std::pair("hardware", &c.hardware),
          std::pair("server", &c.server)})
        *into = TRY(json.get<std::string>(key));
    c.prefix4 = static_cast<unsigned>(TRY(json.get<std::uint64_t>("prefix4")));
    c.prefix6 = static_cast<unsigned>(TRY(json.get<std::uint64_t>("prefix6")));
    c.internal = TRY(json.get<bool>("internal"));
    c.aliases = TRY(json.get<Json::Strings>("aliases"));
    return c;
}

Result<std::vector<Connection>> connections_from(const Json& json) {
    std::vector<Connection> connections;
    for (const Json& one : json.items())
        connections.push_back(TRY(connection_from(one)));
    return connections;
}

std::vector<Connection> connections_of(const store::LiveState& live) {
    return connections_from(live.networks).value_or(std::vector<Connection>());
}

Connection connection_to(const network::SharedNetwork& network, const Attachment& attachment,
                         const network::Place& place) {
    const network::Layout& layout = network.layout;
    const bool answers = network.names || !network.internal;
    Connection c{.network = network.name,
                 .id = network.id,
                 .interface = attachment.interface,
                 .v4 = place.v4.text(),
                 .prefix4 = layout.v4.subnet.bits,
                 .gateway4 = layout.v4.gateway.text(),
                 .hardware = network::hardware_text(place.hardware),
                 .server = answers ? layout.v4.names.text() : "",
                 .internal = network.internal,
                 .aliases = attachment.aliases};
    if (!layout.v6 || !place.v6) return c;
    c.v6 = place.v6->text();
    c.prefix6 = layout.v6->subnet.bits;
    c.gateway6 = layout.v6->gateway.text();
    return c;
}

const Connection* way_out(const std::vector<Connection>& connections) {
    const auto found = std::ranges::find(connections, false, &Connection::internal);
    return found == connections.end() ? nullptr : &*found;
}

const Connection* name_server(const std::vector<Connection>& connections) {
    if (const Connection* out = way_out(connections)) return out;
    const auto found =
        std::ranges::find_if(connections, [](const Connection& c) { return !c.server.empty(); });
    return found == connections.end() ? nullptr : &*found;
}

Json settings_of(const Connection& c) {
    return Json::object()
        .set("NetworkID", c.id)
        .set("IPAddress", c.v4)
        .set("IPPrefixLen", std::uint32_t{c.prefix4})
        .set("Gateway", c.gateway4)
        .set("GlobalIPv6Address", c.v6)
        .set("GlobalIPv6PrefixLen", std::uint32_t{c.prefix6})
        .set("IPv6Gateway", c.gateway6)
        .set("MacAddress", c.hardware)
        .set("Aliases", c.aliases);
}

}  // namespace sbx::container
