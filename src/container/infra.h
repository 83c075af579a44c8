// Making pods. The infra container of one is a process that does nothing in a root with nothing in
// it: it keeps the namespaces that the others share, and the network and the published ports with
// them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "container/blueprint.h"
#include "container/compose.h"
#include "container/options.h"
#include "sandbox/host.h"
#include "store/pods.h"

namespace sbx::container {

struct PodOptions {
    std::string name = {};  // made up where it is empty
    std::vector<std::string> labels = {};
    std::vector<std::string> label_files = {};
    std::optional<std::string> share = {};  // "ipc,net,uts", "+pid", "none"
    bool infra = true;
    std::string infra_name = {};
    std::string exit_policy = "continue";
    std::vector<std::string> volumes = {};  // of each of its containers
    Options network = {};  // what its infra is asked for: name, network, ports, /etc/hosts, ids
};

// As it will be; nothing of it is there yet.
struct NewPod {
    store::Pod pod;
    std::optional<Blueprint> infra = {};  // nothing where it shares nothing
};

// Kind::usage, also for what there is nobody to have.
Result<NewPod> compose_pod(const PodOptions& options, const Surroundings& surroundings,
                           const store::Store& store);

// Starts it where it does not run. While a process is in it, so is whatever lock the caller holds:
// the caller holds none. Kind::busy while others of the pod run in what an infra that has ended has
// left them: who starts then would not share with them.
Result<> start_infra(const store::Store& store, const sandbox::Host& host, const store::Pod& pod);

// Whether the container can start in its pod, if it is in one, once all of `ended` have ended:
// Kind::busy as above.
Result<> check_can_start(const store::Store& store, const store::ContainerRecord& record,
                         const std::vector<std::string>& ended);

// Starts the infra of that container's pod, if it is in one, before its monitor starts it again:
// the infra's is no child of that, and has nothing of it. It stays down where the container has
// been stopped or removed meanwhile.
Result<> start_infra_again(const store::Store& store, const sandbox::Host& host,
                           const store::ContainerRecord& record);

}  // namespace sbx::container
