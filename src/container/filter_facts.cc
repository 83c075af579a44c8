#include "container/filter_facts.h"

#include "container/blueprint.h"
#include "container/inspect_host.h"
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

Result<Filter> parse_filter(const store::Store& store, const std::vector<std::string>& texts) {
    return Filter::parse(
        texts, {.find = [&](const std::string& name) { return find(store, name); },
                .network_of = [&](const store::ContainerRecord& r) { return network_of(store, r); },
                .pod_id = [&](const std::string& name) { return pod_id(store, name); }});
}

}  // namespace sbx::container
