// The shared networks that a container is on, from its start to its end.
#pragma once

#include <optional>
#include <vector>

#include "base/error.h"
#include "container/connection.h"
#include "container/egress_log.h"
#include "container/egress_options.h"
#include "container/network_files.h"
#include "network/membership.h"
#include "sandbox/cgroup_plan.h"
#include "sandbox/surroundings.h"

namespace sbx::container {

class Memberships {
public:
    // For the start of one life, which this value outlives where it is: the container joins all of
    // them, and knows its addresses. A process of a network that is started for that goes into a
    // scope of its own where the container has one. Before there are secrets in this process's
    // memory.
    struct Wish {
        const store::Store& store;
        const store::ContainerRecord& record;
        const std::vector<Attachment>& attachments;
        const std::optional<EgressChoice>& egress;
        Watched watched = Watched::by_nobody;
        const std::optional<sandbox::Scope>& scope;
    };
    Result<std::optional<sandbox::Network>> begin(const Wish& wish);

    const std::vector<Connection>& connections() const { return connections_; }

    // What the rules refused, summed up: Membership::refused(), of one network after the other.
    std::string end();

private:
    Result<> join(const Wish& wish, const Attachment& attachment, const os::Fd& log);
    Result<> acquaint(const std::string& container) const;
    Result<> serve(const std::vector<os::Fd>& devices) const;

    std::vector<network::Membership> memberships_ = {};
    std::vector<os::Fd> folders_ = {};  // of the networks
    std::vector<Connection> connections_ = {};
    std::vector<os::NetDeviceSetup> devices_ = {};
};

}  // namespace sbx::container
