#include "network/shared_network.h"

#include "base/text.h"

namespace sbx::network {

static Json json_of(const Layout::Side& side) {
    return Json::object()
        .set("subnet", side.subnet.text())
        .set("gateway", side.gateway.text())
        .set("names", side.names.text());
}

static Result<Address> address_at(const Json& json, std::string_view key) {
    const std::string text = TRY(json.get<std::string>(key));
    const std::optional<Address> address = Address::parse(text);
    if (!address) return Error(Error::Kind::failed, "'{}' is no address", excerpt(text));
    return *address;
}

static Result<Subnet> subnet_at(const Json& json, std::string_view key) {
    return Subnet::parse(TRY(json.get<std::string>(key)));
}

static Result<Layout::Side> side_from(const Json& json) {
    Layout::Side side{.subnet = TRY(subnet_at(json, "subnet"))};
    side.gateway = TRY(address_at(json, "gateway"));
    side.names = TRY(address_at(json, "names"));
    return side;
}

Json SharedNetwork::to_json() const {
    Json json = Json::object();
    json.set("id", id).set("name", name).set("v4", json_of(layout.v4));
    if (layout.v6) json.set("v6", json_of(*layout.v6));
    return std::move(json)
        .set("mtu", std::uint32_t{layout.mtu})
        .set("allow_host_loopback", layout.allow_host_loopback)
        .set("range", range.text())
        .set("internal", internal)
        .set("names", names)
        .set("servers", servers);
}

Result<SharedNetwork> SharedNetwork::from_json(const Json& json) {
    SharedNetwork network{.id = TRY(json.get<std::string>("id")), .name = ""};
    network.name = TRY(json.get<std::string>("name"));
    network.layout.v4 = TRY(side_from(json["v4"]));
    if (const Json* v6 = json.find("v6")) network.layout.v6 = TRY(side_from(*v6));
    network.layout.mtu = static_cast<unsigned>(TRY(json.get<std::uint64_t>("mtu")));
    network.layout.allow_host_loopback = TRY(json.get<bool>("allow_host_loopback"));
    network.range = TRY(subnet_at(json, "range"));
    network.internal = TRY(json.get<bool>("internal"));
    network.names = TRY(json.get<bool>("names"));
    network.servers = TRY(json.get<Json::Strings>("servers"));
    return network;
}

}  // namespace sbx::network
