#include "store/networks.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "os/file.h"
#include "os/tree.h"
#include "store/events.h"
#include "store/named_records.h"
#include "store/users.h"

namespace sbx::store {

static constexpr std::size_t kLargestRecord = std::size_t{1} << 20;
static constexpr std::chrono::seconds kPatience{30};

Result<Networks> Networks::open(const Store& store) {
    return Networks(store, TRY(store.folder("networks")));
}

static Json json_of(const Network& network) {
    Json subnets = Json::array();
    for (const NetworkSubnet& one : network.subnets)
        subnets.push(Json::object()
                         .set("subnet", one.subnet)
                         .set("gateway", one.gateway)
                         .set("range", one.range));
    return Json::object()
        .set("id", network.id)
        .set("created", rfc3339(network.created))
        .set("subnets", std::move(subnets))
        .set("internal", network.internal)
        .set("dns", network.dns)
        .set("servers", network.servers)
        .set("labels", network.labels)
        .set("options", network.options);
}

static Result<NetworkSubnet> subnet_from(const Json& json) {
    NetworkSubnet subnet{.subnet = TRY(json.get<std::string>("subnet")), .gateway = ""};
    subnet.gateway = TRY(json.get<std::string>("gateway"));
    subnet.range = TRY(json.get_or<std::string>("range", ""));
    return subnet;
}

static Result<Network> network_from(const Json& json) {
    Network network{.id = TRY(json.get<std::string>("id")), .name = ""};
    const std::string created = TRY(json.get<std::string>("created"));
    network.created = TRY(parse_rfc3339(created));
    for (const Json& one : json["subnets"].items())
        network.subnets.push_back(TRY(subnet_from(one)));
    if (network.subnets.empty()) return Error(Error::Kind::failed, "it has no subnet");
    network.internal = TRY(json.get_or<bool>("internal", false));
    network.dns = TRY(json.get_or<bool>("dns", true));
    network.servers = TRY(json.get_or<Json::Strings>("servers", {}));
    network.labels = TRY(json.get_or<Json::Map>("labels", {}));
    network.options = TRY(json.get_or<Json::Map>("options", {}));
    return network;
}

Result<os::Lock> Networks::lock(os::Share share) const {
    return os::Lock::take(store_->data(), "networks.lock", share, kPatience);
}

Result<Network> Networks::read(const std::string& name) const {
    TRY(check_object_name("network", name));
    Result<std::string> text = os::read_file(directory_, name, kLargestRecord);
    if (text.failed_with(std::errc::no_such_file_or_directory))
        return Error(Error::Kind::not_found, "there is no network '{}'", name);
    if (!text) return std::move(text).error();
    const Json json = TRY(Json::parse(*text), "'networks/{}'", name);
    Network network = TRY(network_from(json), "'networks/{}'", name);
    network.name = name;
    return network;
}

Result<Network> Networks::find(const std::string& text) const {
    if (has(text)) return read(text);
    return record_with_id(TRY(all()), "network", text);
}

Result<std::vector<std::string>> Networks::all_names() const { return record_names(directory_); }

Result<std::vector<Network>> Networks::all() const {
    return all_records<Network>(directory_, [this](const std::string& name) { return read(name); });
}

bool Networks::has(const std::string& name) const {
    return check_object_name("network", name) && os::exists_at(directory_, name);
}

static Event event_of(const Network& network, std::string action) {
    return {.type = "network",
            .action = std::move(action),
            .id = network.id,
            .attributes = {{"name", network.name}, {"type", "bridge"}}};
}

Result<> Networks::create(const Network& network) const {
    TRY(check_object_name("network", network.name));
    if (os::exists_at(directory_, network.name))
        return Error(Error::Kind::exists, "there is a network '{}' already", network.name);
    TRY(os::write_atomic(directory_, network.name, json_of(network).dump()));
    note(*store_, event_of(network, "create"));
    return {};
}

Result<> Networks::remove(const std::string& name) const {
    TRY(check_object_name("network", name));
    const Result<Network> network = read(name);
    TRY(os::remove_at(directory_, name));
    if (!network) return {};
    note(*store_, event_of(*network, "remove"));
    const os::Fd runtime = TRY(store_->runtime_folder("networks"));
    return os::remove_tree(runtime, network->id);
}

Result<std::vector<ContainerRecord>> Networks::users_of(const std::string& name) const {
    return store::users_of(*store_, name, &ContainerRecord::networks);
}

Result<os::Fd> Networks::runtime_folder(const Network& network) const {
    const os::Fd runtime = TRY(store_->runtime_folder("networks"));
    return os::make_directory(runtime, network.id, 0700);
}

}  // namespace sbx::store
