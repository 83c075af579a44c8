// That a container is on a shared network, seen from who supervises it: the other side of switch.h.
#pragma once

#include <string>

#include "base/error.h"
#include "network/members.h"
#include "os/fd.h"
#include "os/net_device.h"

namespace sbx::network {

class Membership {
public:
    // `folder` is the network's own, gone after a reboot. Where no process serves the network, one
    // is started: start_switch(). Refusals by the rules of `who` are noted in `log`, if there is
    // one. Errors as of Members::admit(); Kind::unsupported where rules would not be held to.
    static Result<Membership> join(os::FdView folder, const SharedNetwork& network,
                                   const Application& who, os::FdView log = os::FdView::number(-1));

    const Place& place() const { return place_; }
    pid_t server() const { return server_; }  // the network's process
    bool has_started_it() const { return started_; }

    // Has the device served whose other side that is: make_tap(). It is up when this returns. As
    // long as this value lives the container is on the network, or, with a descriptor of its first
    // process, as long as that does.
    Result<> serve(os::FdView tap, os::FdView process = os::FdView::number(-1)) const;

    // What its rules refused, EgressLog::summary(), also after the container's end; empty where
    // there are none, or nobody says it in time.
    std::string refused() const;

private:
    Membership(os::Fd line, bool started) : line_(std::move(line)), started_(started) {}
    Result<> apply(const Application& who, os::FdView log);

    os::Fd line_;
    Place place_ = {};
    pid_t server_ = 0;
    bool started_ = false;
    bool is_judged_ = false;
};

// Takes the container with that id off the network, whose device it loses by that. One that is not
// on it, and a network that nobody is on, are fine.
Result<> leave(os::FdView folder, const std::string& id);

// Has one network ask another one for the names that it does not know itself, where a container
// that is on both asks. What has been said before of the same networks and container is replaced.
struct Acquaintance {
    os::FdView asking;  // the networks' folders
    os::FdView asked;
    std::string network;  // the id of the one that is asked
    std::string container;
};
Result<> acquaint(const Acquaintance& wish);

// How the device of a member is to be, to be made in its network namespace. By one of them what is
// for the world leaves it.
enum class Way : std::uint8_t { within, out };
os::NetDeviceSetup device_of(const SharedNetwork& network, const Place& place,
                             const std::string& name, Way way);

}  // namespace sbx::network
