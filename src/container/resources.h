// What a container may use of the machine: the words of run, create and update, to OCI's.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "oci/resources.h"

namespace sbx::container {

// Each empty where it was not given.
struct ResourceOptions {
    std::string memory = {};
    std::string memory_swap = {};
    std::string memory_reservation = {};
    std::string memory_swappiness = {};
    bool oom_kill_disable = false;
    std::string cpus = {};
    std::string cpu_shares = {};
    std::string cpu_period = {};
    std::string cpu_quota = {};
    std::string cpuset_cpus = {};
    std::string cpuset_mems = {};
    std::string pids_limit = {};
    std::string blkio_weight = {};
    std::vector<std::string> blkio_weight_device = {};
    std::vector<std::string> read_bps = {};
    std::vector<std::string> write_bps = {};
    std::vector<std::string> read_iops = {};
    std::vector<std::string> write_iops = {};
    std::vector<std::string> cgroup_conf = {};

    bool operator==(const ResourceOptions&) const = default;
};

// What was had, with what is asked for over it; what limits nothing (0, or -1 where the option has
// it) is absent there, so that it asks for no cgroup. Devices are looked up on the host. As docker
// does, a limit of memory without one of swap allows as much swap as memory.
Result<oci::Resources> compose_resources(const ResourceOptions& options,
                                         const oci::Resources& had = {});

}  // namespace sbx::container
