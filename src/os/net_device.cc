#include "os/net_device.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/process.h"
#include "os/socket.h"

namespace sbx::os {

namespace {

// A message to the kernel: its header, that of the object it is about, and attributes.
class Request {
public:
    template <class Object>
    Request(std::uint16_t type, int flags, const Object& object) {
        header_.nlmsg_type = type;
        header_.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
        append(&header_, sizeof header_);
        append(&object, sizeof object);
    }

    void add(std::uint16_t type, std::string_view value) {
        const rtattr attribute{.rta_len = static_cast<std::uint16_t>(RTA_LENGTH(value.size())),
                               .rta_type = type};
        append(&attribute, sizeof attribute);
        append(value.data(), value.size());
    }
    void add_number(std::uint16_t type, std::int32_t value) {
        add(type, {reinterpret_cast<const char*>(&value), sizeof value});
    }
    void add_text(std::uint16_t type, const std::string& text) {
        add(type, {text.c_str(), text.size() + 1});
    }

    std::string_view bytes() {
        header_.nlmsg_len = static_cast<std::uint32_t>(bytes_.size());
        std::memcpy(bytes_.data(), &header_, sizeof header_);
        return bytes_;
    }

private:
    void append(const void* data, std::size_t size) {
        bytes_.append(static_cast<const char*>(data), size);
        bytes_.resize(NLMSG_ALIGN(bytes_.size()));
    }

    nlmsghdr header_ = {};
    std::string bytes_;
};

struct Attribute {
    std::uint16_t type;
    std::string value;
};

struct Address {
    ifaddrmsg about;
    std::vector<Attribute> attributes;
};

// A conversation with the kernel about the namespace that this process was in when it began.
class RouteSocket {
public:
    static Result<RouteSocket> open() {
        Fd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
        if (!socket) return Error::from_errno(errno, "open a socket of rtnetlink");
        return RouteSocket(std::move(socket));
    }

    Result<> change(Request request) const {
        TRY(send(std::move(request)));
        std::string bytes = TRY(receive());
        const auto* header = reinterpret_cast<const nlmsghdr*>(bytes.data());
        if (!NLMSG_OK(header, bytes.size()) || header->nlmsg_type != NLMSG_ERROR)
            return Error(Error::Kind::failed, "the kernel gave another answer than was asked for");
        return result_of(*header);
    }

    Result<std::vector<Address>> addresses() const {
        TRY(send(Request(RTM_GETADDR, NLM_F_DUMP, ifaddrmsg{})));
        std::vector<Address> all;
        for (;;) {
            const std::string bytes = TRY(receive());
            auto left = static_cast<std::uint32_t>(bytes.size());
            for (const auto* header = reinterpret_cast<const nlmsghdr*>(bytes.data());
                 NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
                if (header->nlmsg_type == NLMSG_DONE) return all;
                if (header->nlmsg_type == NLMSG_ERROR) TRY(result_of(*header));
                if (header->nlmsg_type == RTM_NEWADDR) all.push_back(address_of(header));
            }
        }
    }

private:
    explicit RouteSocket(Fd socket) : socket_(std::move(socket)) {}

    Result<> send(Request request) const {
        const std::string_view bytes = request.bytes();
        if (::send(socket_.get(), bytes.data(), bytes.size(), 0) >= 0) return {};
        return Error::from_errno(errno, "ask the kernel about network devices");
    }

    Result<std::string> receive() const {
        std::string bytes(std::size_t{64} << 10, '\0');
        const ssize_t size = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        if (size < 0) return Error::from_errno(errno, "hear from the kernel about devices");
        bytes.resize(static_cast<std::size_t>(size));
        return bytes;
    }

    static Result<> result_of(const nlmsghdr& header) {
        const auto* answer = static_cast<const nlmsgerr*>(NLMSG_DATA(&header));
        if (answer->error == 0) return {};
        return Error::from_errno(-answer->error, "change a network device");
    }

    static Address address_of(const nlmsghdr* header) {
        Address address{.about = *static_cast<const ifaddrmsg*>(NLMSG_DATA(header)),
                        .attributes = {}};
        auto left = IFA_PAYLOAD(header);
        for (const auto* attribute = IFA_RTA(static_cast<const ifaddrmsg*>(NLMSG_DATA(header)));
             RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
            address.attributes.push_back(
                {.type = attribute->rta_type,
                 .value = std::string(static_cast<const char*>(RTA_DATA(attribute)),
                                      RTA_PAYLOAD(attribute))});
        return address;
    }

    Fd socket_;
};

}  // namespace

// The byte of the header has no room for the newer flags.
static std::uint32_t flags_of(const Address& address) {
    std::uint32_t flags = address.about.ifa_flags;
    for (const Attribute& attribute : address.attributes)
        if (attribute.type == IFA_FLAGS && attribute.value.size() == sizeof flags)
            std::memcpy(&flags, attribute.value.data(), sizeof flags);
    return flags;
}

static Result<std::vector<Address>> lasting_addresses(const RouteSocket& here, unsigned index) {
    std::vector<Address> lasting;
    for (Address& address : TRY(here.addresses()))
        if (address.about.ifa_index == index && address.about.ifa_scope == RT_SCOPE_UNIVERSE &&
            (flags_of(address) & IFA_F_PERMANENT) != 0)
            lasting.push_back(std::move(address));
    return lasting;
}

// A label is made of the device's name, which may be another now; lifetimes are without end.
static Result<> add_address(const RouteSocket& there, Address address, unsigned index) {
    address.about.ifa_index = index;
    Request request(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, address.about);
    for (const Attribute& attribute : address.attributes)
        if (attribute.type != IFA_LABEL && attribute.type != IFA_CACHEINFO)
            request.add(attribute.type, attribute.value);
    return there.change(std::move(request));
}

static Result<> raise(const RouteSocket& there, unsigned index) {
    ifinfomsg device{};
    device.ifi_index = static_cast<int>(index);
    device.ifi_flags = IFF_UP;
    device.ifi_change = IFF_UP;
    return there.change(Request(RTM_NEWLINK, NLM_F_ACK, device));
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
    Request request(RTM_NEWLINK, NLM_F_ACK, device);
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
