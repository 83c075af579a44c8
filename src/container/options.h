// What `run` and `create` are asked for, in the words of the command line.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "container/attachment.h"
#include "container/egress_options.h"
#include "container/health_options.h"
#include "container/resources.h"

namespace sbx::container {

struct Options {
    std::string name = {};
    bool interactive = false;
    bool tty = false;
    bool remove = false;
    bool init = false;
    bool privileged = false;
    bool read_only = false;
    bool read_only_tmpfs = true;

    std::vector<std::string> env = {};
    std::vector<std::string> env_files = {};
    std::vector<std::string> unset_env = {};
    std::vector<std::string> labels = {};
    std::vector<std::string> label_files = {};
    std::vector<std::string> annotations = {};
    std::string workdir = {};
    std::string user = {};
    std::vector<std::string> groups = {};
    std::optional<std::string> entrypoint = {};
    std::string umask = "0022";

    std::vector<std::string> volumes = {};
    std::vector<std::string> volumes_from = {};
    std::vector<std::string> mounts = {};
    std::vector<std::string> secrets = {};
    std::vector<std::string> tmpfs = {};
    std::vector<std::string> devices = {};
    std::string image_volumes = "anonymous";
    std::string shm_size = "64m";

    std::string hostname = {};
    std::string network = {};                // with a meaning of its own: "none"
    std::vector<std::string> networks = {};  // names, where it shares networks with others
    AttachmentWords attachment = {};         // for them
    EgressOptions egress = {};
    std::string pid = {};
    std::string ipc = {};
    std::string uts = {};
    std::string cgroupns = {};
    std::string userns = {};
    std::vector<std::string> hosts = {};
    bool no_hosts = false;
    std::vector<std::string> publish = {};
    bool publish_all = false;
    std::vector<std::string> expose = {};
    std::string publish_address = "127.0.0.1";  // of the host, where --publish names none
    std::vector<std::string> dns = {};
    std::vector<std::string> dns_search = {};
    std::vector<std::string> dns_options = {};

    std::vector<std::string> cap_add = {};
    std::vector<std::string> cap_drop = {};
    std::vector<std::string> security = {};
    std::vector<std::string> ulimits = {};
    std::vector<std::string> sysctls = {};
    std::string oom_score_adj = {};

    ResourceOptions resources = {};
    std::string cgroups = {};  // "enabled", "disabled", "no-conmon"; empty: where a limit needs one
    std::string cgroup_parent = {};

    std::string stop_signal = {};
    std::string stop_timeout = {};
    std::string timeout = {};
    std::optional<std::string> detach_keys = {};
    std::string restart = {};
    HealthOptions health = {};
    std::string log_driver = {};
    std::vector<std::string> log_options = {};
    int preserve_fds = 0;

    std::string rootfs = {};  // a folder of the host, in place of an image
    std::vector<std::string> command = {};
};

}  // namespace sbx::container
