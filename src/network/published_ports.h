// The ports of one container on the host, over all of its lives.
//
//      who supervises it                relay
//        | ------------ clone3 -----------> |  closes all but the listeners
//        | ------- the container ---------> |  enters its network, confines itself
//        | <------------ ready ------------ |  or an Error
//        |                                  |  relays
//        | ----------- (closed) ----------> |  gives the ports back
//        | <---------- (closed) ----------- |  goes on for a while with connections that are there:
//        |                                  |  what the container wrote last is still under way
//
// The relay is nobody's child, and ends by itself. It holds no memory that was written after it
// began: secrets of the container are not in it.
#pragma once

#include <vector>

#include "network/port.h"
#include "os/fd.h"

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

    // The container has ended: gives the ports back. It takes no more than a moment.
    void close();

    ~PublishedPorts() { close(); }
    PublishedPorts() = default;
    PublishedPorts(PublishedPorts&&) noexcept = default;
    PublishedPorts& operator=(PublishedPorts&&) = delete;

    // With the ports of the host that were had; also after close().
    const std::vector<PortMapping>& ports() const { return ports_; }

private:
    std::vector<PortMapping> ports_ = {};
    os::Fd line_ = {};  // to the relay, where there is one
};

}  // namespace sbx::network
