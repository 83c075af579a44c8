// A container as it will be, before anything of it exists: all that `create` writes down and
// `start` needs.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "container/attachment.h"
#include "container/egress_options.h"
#include "container/health_options.h"
#include "container/log_options.h"
#include "container/network_files.h"
#include "container/restart.h"
#include "network/pasta_options.h"
#include "network/port.h"
#include "network/settings.h"
#include "sandbox/request.h"
#include "store/containers.h"
#include "store/volumes.h"

namespace sbx::container {

struct Blueprint {
    store::ContainerRecord record = {};
    sandbox::Request request = {};
    std::size_t entrypoint_words = 0;  // of its command, those that are its entrypoint
    std::string seccomp_text = {};     // of a profile of the person's own
    NetworkFiles files = {};
    std::vector<network::PortMapping> ports = {};      // to be had on the host
    std::vector<network::ContainerPort> exposed = {};  // also those that are not published
    std::optional<network::Settings> slirp = {};       // how its network is connected to the world
    std::optional<network::PastaOptions> pasta = {};   // or so
    std::optional<EgressChoice> egress = {};           // what that lets it reach
    std::vector<Attachment> attachments = {};          // to networks that it shares with others
    bool shares = false;  // such networks, also where it is on none just now
    bool interactive = false;
    int stop_signal = 15;
    int stop_timeout = 10;  // seconds until it is killed; -1: never
    std::optional<std::chrono::nanoseconds> timeout = {};
    std::string detach_keys = {};
    LogChoice log = {};
    RestartPolicy restart = {};
    std::optional<HealthCheck> health = {};
    std::vector<std::string> create_command = {};  // what sbx was told to make it, "run" first
    std::string create_directory = {};             // and where
    std::map<std::string, std::string> env_secrets = {};  // variable to secret: values are not kept
    std::vector<store::Volume> volumes = {};  // to be made where they are missing; not kept
    std::vector<std::string> warnings = {};   // for the person; not kept

    // Its monitor may see to a further life of it when one has ended.
    bool can_restart() const {
        return restart.when != RestartPolicy::When::no ||
               (health && health->on_failure == HealthCheck::Action::restart);
    }
};

// What is kept of it beside its record: store::Containers, spec.json.
Json to_json(const Blueprint& blueprint);
Result<Blueprint> blueprint_from(store::ContainerRecord record, const Json& json);

// Of a container in the store. Kind::not_found.
Result<Blueprint> read_blueprint(const store::Containers& containers, const std::string& id);

}  // namespace sbx::container
