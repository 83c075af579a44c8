#include "os/net_device.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/process.h"
#include "os/route_socket.h"
#include "os/socket.h"

namespace sbx::os {

using Address = RouteObject<ifaddrmsg>;

// The byte of the header has no room for the newer flags.
static std::uint32_t flags_of(const Address& address) {
    std::uint32_t flags = address.about.ifa_flags;
    for (const RouteAttribute& attribute : address.attributes)
        if (attribute.type == IFA_FLAGS && attribute.value.size() == sizeof flags)
            std::memcpy(&flags, attribute.value.data(), sizeof flags);
    return flags;
}

static Result<std::vector<Address>> lasting_addresses(const RouteSocket& here, unsigned index) {
    std::vector<Address> lasting;
    for (const std::string& body :
         TRY(here.list(RouteRequest(RTM_GETADDR, NLM_F_DUMP, ifaddrmsg{})))) {
        auto address = route_object<ifaddrmsg>(body);
        if (address.about.ifa_index == index && address.about.ifa_scope == RT_SCOPE_UNIVERSE &&
            (flags_of(address) & IFA_F_PERMANENT) != 0)
            lasting.push_back(std::move(address));
    }
    return lasting;
}

// A label is made of the device's name, which may be another now; lifetimes are without end.
static Result<> add_address(const RouteSocket& there, Address address, unsigned index) {
    address.about.ifa_index = index;
    RouteRequest request(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, address.about);
    for (const RouteAttribute& attribute : address.attributes)
        if (attribute.type != IFA_LABEL && attribute.type != IFA_CACHEINFO)
            request.add(attribute.type, attribute.value);
    return there.change(std::move(request));
}

static Result<> raise(const RouteSocket& there, unsigned index) {
    ifinfomsg device{};
    device.ifi_index = static_cast<int>(index);
    device.ifi_flags = IFF_UP;
    device.ifi_change = IFF_UP;
    return there.change(RouteRequest(RTM_NEWLINK, NLM_F_ACK, device));
}

static std::vector<unsigned> indexes() {
    std::vector<unsigned> all;
    struct if_nameindex* const list = ::if_nameindex();
    for (const struct if_nameindex* one = list; one && one->if_index != 0; ++one)
        all.push_back(one->if_index);
    if (list) ::if_freenameindex(list);
    return all;
}

static Result<unsigned> newcomer(const std::vector<unsigned>& before) {
    for (const unsigned index : indexes())
        if (std::ranges::find(before, index) == before.end()) return index;
    return Error(Error::Kind::failed, "it did not arrive");
}

static std::uint8_t family_of(std::string_view address) {
    return address.size() == sizeof(in_addr) ? AF_INET : AF_INET6;
}

static Result<> set_link(const RouteSocket& here, unsigned index, const NetDeviceSetup& setup) {
    ifinfomsg device{};
    device.ifi_index = static_cast<int>(index);
    device.ifi_flags = IFF_UP;
    device.ifi_change = IFF_UP;
    RouteRequest request(RTM_NEWLINK, NLM_F_ACK, device);
    request.add(IFLA_ADDRESS, setup.hardware);
    request.add_number(IFLA_MTU, static_cast<std::int32_t>(setup.mtu));
    return here.change(std::move(request));
}

// Before it is up: it would look for routers from an address that it makes up.
static Result<> forgo_own_addresses(const RouteSocket& here, unsigned index) {
    constexpr char kNone = IN6_ADDR_GEN_MODE_NONE;
    ifinfomsg device{};
    device.ifi_index = static_cast<int>(index);
    RouteRequest request(RTM_NEWLINK, NLM_F_ACK, device);
    request.add(IFLA_AF_SPEC,
                route_attribute(AF_INET6, route_attribute(IFLA_INET6_ADDR_GEN_MODE, {&kNone, 1})));
    return here.change(std::move(request));
}

static Result<> set_address(const RouteSocket& here, unsigned index,
                            const NetDeviceSetup::Place& place) {
    ifaddrmsg about{};
    about.ifa_family = family_of(place.address);
    about.ifa_prefixlen = static_cast<std::uint8_t>(place.prefix);
    about.ifa_flags = IFA_F_PERMANENT | IFA_F_NODAD;
    about.ifa_index = index;
    RouteRequest request(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, about);
    request.add(IFA_LOCAL, place.address);
    request.add(IFA_ADDRESS, place.address);
    return here.change(std::move(request));
}

static Result<> set_gateway(const RouteSocket& here, unsigned index, std::string_view gateway,
                            int flag) {
    rtmsg about{};
    about.rtm_family = family_of(gateway);
    about.rtm_table = RT_TABLE_MAIN;
    about.rtm_protocol = RTPROT_BOOT;
    about.rtm_scope = RT_SCOPE_UNIVERSE;
    about.rtm_type = RTN_UNICAST;
    RouteRequest request(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | flag, about);
    request.add(RTA_GATEWAY, gateway);
    request.add_number(RTA_OIF, static_cast<std::int32_t>(index));
    return here.change(std::move(request));
}

Result<> set_up_net_device(const NetDeviceSetup& setup) {
    const RouteSocket here = TRY(RouteSocket::open());
    const unsigned index = ::if_nametoindex(setup.name.c_str());
    if (index == 0) return Error(Error::Kind::not_found, "there is no device '{}'", setup.name);
    const bool version_6 = forgo_own_addresses(here, index).has_value();
    TRY(set_link(here, index, setup), "device '{}'", setup.name);
    for (const NetDeviceSetup::Place& place : setup.places) {
        if (family_of(place.address) == AF_INET6 && !version_6) continue;
        Result<> has = set_address(here, index, place);
        // The machine may have forbidden itself all of version 6.
        if (has.failed_with(std::errc::permission_denied) && family_of(place.address) == AF_INET6)
            continue;
        TRY(std::move(has), "an address of device '{}'", setup.name);
        if (place.gateway.empty()) continue;
        TRY(set_gateway(here, index, place.gateway, NLM_F_EXCL), "the gateway of device '{}'",
            setup.name);
    }
    return {};
}

Result<> set_default_routes(const NetDeviceSetup& setup) {
    const RouteSocket here = TRY(RouteSocket::open());
    const unsigned index = ::if_nametoindex(setup.name.c_str());
    if (index == 0) return Error(Error::Kind::not_found, "there is no device '{}'", setup.name);
    for (const NetDeviceSetup::Place& place : setup.places) {
        if (place.gateway.empty()) continue;
        Result<> set = set_gateway(here, index, place.gateway, NLM_F_REPLACE);
        // It may have no address of version 6: set_up_net_device().
        if (!set && family_of(place.gateway) == AF_INET6) continue;
        TRY(std::move(set), "the gateway of device '{}'", setup.name);
    }
    return {};
}

static Result<> enter(FdView ns) {
    if (::setns(ns.get(), CLONE_NEWNET) == 0) return {};
    return Error::from_errno(errno, "enter the network namespace");
}

// In a process that ends then: it is in the other namespace, and speaks to both.
static Result<> move(const std::string& name, FdView ns, const std::string& inside) {
    const RouteSocket here = TRY(RouteSocket::open());
    const unsigned index = ::if_nametoindex(name.c_str());
    if (index == 0) return Error(Error::Kind::not_found, "there is none");
    TRY(enter(ns));
    const RouteSocket there = TRY(RouteSocket::open());
    if (::if_nametoindex(inside.c_str()) != 0)
        return Error(Error::Kind::exists, "the container has a '{}' already", inside);
    std::vector<Address> addresses = TRY(lasting_addresses(here, index));
    const std::vector<unsigned> before = indexes();

    ifinfomsg device{};
    device.ifi_index = static_cast<int>(index);
    RouteRequest request(RTM_NEWLINK, NLM_F_ACK, device);
    request.add_number(IFLA_NET_NS_FD, ns.get());
    request.add_text(IFLA_IFNAME, inside);
    TRY(here.change(std::move(request)));

    const unsigned moved = TRY(newcomer(before));
    for (Address& address : addresses)
        TRY(add_address(there, std::move(address), moved), "its addresses");
    return raise(there, moved);
}

Result<> move_net_device(const std::string& name, FdView ns, const std::string& inside) {
    SocketPair ends = TRY(open_socket_pair());
    Process mover = TRY(spawn(0, [&] {
        const Result<> moved = move(name, ns, inside);
        if (!moved) (void)send_message(ends.other, moved.error().pack());  // the status tells, too
        ::_exit(moved ? 0 : 1);
    }));
    ends.other.reset();
    const std::optional<Message> failure = TRY(receive_message(ends.one));
    const ExitStatus end = TRY(mover.wait());
    if (failure) return Error::unpack(failure->bytes).context(fmt::format("device '{}'", name));
    if (end.code == 0) return {};
    return Error(Error::Kind::failed, "device '{}': moving it was cut short", name);
}

}  // namespace sbx::os
