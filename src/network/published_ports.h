// The ports of one container on the host, over all of its lives.
//
//      who supervises it                relay
//        | ------------ clone3 -----------> |  closes all but the listeners
//        | ------- the container ---------> |  enters its network, confines itself
//        | <------------ ready ------------ |  or an Error
//        |                                  |  relays
//        | -------- (closed, killed) -----> |
//
// The relay holds no memory that was written after it began: secrets of the container are not in
// it.
#pragma once

#include <optional>
#include <vector>

#include "network/port.h"
#include "os/process.h"

namespace sbx::network {

class PublishedPorts {
public:
    // Listens on the host, before there is a container: see listen_on_host(). Ports that were free
    // ones in the last life are the same again, if they still are free.
    Result<> open(const std::vector<PortMapping>& wanted);

    // Hands on connections from now on, to what listens in the network namespace of `container`: a
    // child of this process, whose own `namespaces` (CLONE_NEW*) this process may enter. Without
    // ports it does nothing.
    Result<> serve(pid_t container, std::uint64_t namespaces);

    // Ends all connections, and gives the ports back.
    void close();

    // With the ports of the host that were had; also after close().
    const std::vector<PortMapping>& ports() const { return ports_; }

private:
    struct Relay {
        os::Process process;
        os::Fd line;
    };

    std::vector<PortMapping> ports_;
    std::optional<Relay> relay_ = {};
};

}  // namespace sbx::network
