// The shared networks that a container is on, from its start to its end.
#pragma once

#include <optional>
#include <vector>

#include "base/error.h"
#include "container/connection.h"
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
        const std::optional<sandbox::Scope>& scope;
    };
    Result<std::optional<sandbox::Network>> begin(const Wish& wish);

    const std::vector<Connection>& connections() const { return connections_; }

    void end();

private:
    Result<> join(const Wish& wish, const Attachment& attachment, const network::Application& who);
    Result<> serve(const std::vector<os::Fd>& devices) const;

    std::vector<network::Membership> memberships_ = {};
    std::vector<Connection> connections_ = {};
    std::vector<os::NetDeviceSetup> devices_ = {};
};

// Names are asked of all networks of a container, in the order of server_lines(): whether there is
// a further one to be asked after each of them. `internal` says which of them lead nowhere.
std::vector<bool> who_asks_on(const std::vector<bool>& internal);

}  // namespace sbx::container
