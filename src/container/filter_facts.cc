#include "container/filter_facts.h"

#include "container/blueprint.h"
#include "container/inspect_host.h"
#include "container/ports.h"
#include "store/pods.h"

namespace sbx::container {

// Empty for a container that goes meanwhile.
static std::string network_of(const store::Store& store, const store::ContainerRecord& record) {
    const Result<store::Containers> containers = store::Containers::open(store);
    if (!containers) return {};
    const Result<Blueprint> blueprint = read_blueprint(*containers, record.id);
    if (!blueprint) return {};
    const Json config = host_config_of(*blueprint);
    const std::string* mode = config["NetworkMode"].as_string();
    return mode ? *mode : "";
}

static Result<store::ContainerRecord> find(const store::Store& store, const std::string& name) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const std::string id = TRY(containers.resolve(name));
    return containers.read(id);
}

static Result<std::string> pod_id(const store::Store& store, const std::string& name) {
    const store::Pods pods = TRY(store::Pods::open(store));
    return TRY(pods.find(name)).id;
}

using Ports = std::vector<network::ContainerPort>;

// Of one that runs as they are, else as they are to be; none of one that goes meanwhile.
static Ports published(const store::Store& store, const store::ContainerRecord& record) {
    Ports ports;
    const Result<store::Containers> containers = store::Containers::open(store);
    if (!containers) return ports;
    const auto live = containers->live(record.id);
    const Result<Blueprint> blueprint = read_blueprint(*containers, record.id);
    if (!blueprint) return ports;
    for (const network::PortMapping& one : live ? ports_of(*live) : blueprint->ports) {
        ports.push_back(one.container);
        ports.push_back({.number = one.host_port, .protocol = one.container.protocol});
    }
    return ports;
}

// What is published is exposed, too.
static Ports exposed(const store::Store& store, const store::ContainerRecord& record) {
    const Result<store::Containers> containers = store::Containers::open(store);
    if (!containers) return {};
    const Result<Blueprint> blueprint = read_blueprint(*containers, record.id);
    if (!blueprint) return {};
    Ports ports = blueprint->exposed;
    for (const network::PortMapping& one : blueprint->ports)
        ports.push_back(one.container);
    return ports;
}

Result<Filter> parse_filter(const store::Store& store, const std::vector<std::string>& texts) {
    return Filter::parse(
        texts, {.find = [&](const std::string& name) { return find(store, name); },
                .network_of = [&](const store::ContainerRecord& r) { return network_of(store, r); },
                .pod_id = [&](const std::string& name) { return pod_id(store, name); },
                .published = [&](const store::ContainerRecord& r) { return published(store, r); },
                .exposed = [&](const store::ContainerRecord& r) { return exposed(store, r); }});
}

}  // namespace sbx::container
