#include "network/datagram.h"

#include <cstring>

#include <sys/uio.h>

namespace sbx::network {

namespace {

union Control {
    char bytes[CMSG_SPACE(sizeof(in6_pktinfo))];
    cmsghdr align;
};

}  // namespace

static Endpoint own_address_of(msghdr& message) {
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
            in_pktinfo info;
            std::memcpy(&info, CMSG_DATA(header), sizeof info);
            return Endpoint::of(info.ipi_spec_dst);
        }
        if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info;
            std::memcpy(&info, CMSG_DATA(header), sizeof info);
            return Endpoint::of(info.ipi6_addr);
        }
    }
    return {};
}

std::optional<Datagram> receive_datagram(os::FdView socket, std::span<char> bytes) {
    Datagram datagram;
    Control control{};
    iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
    msghdr message{};
    message.msg_name = datagram.peer.raw();
    message.msg_namelen = sizeof(sockaddr_in6);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    const ssize_t size = ::recvmsg(socket.get(), &message, 0);
    if (size < 0) return std::nullopt;
    datagram.size = static_cast<std::size_t>(size);
    datagram.own = own_address_of(message);
    return datagram;
}

template <class Info>
static void put(msghdr& message, Control& control, int level, int type, const Info& info) {
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(sizeof info);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(header), &info, sizeof info);
}

void send_datagram(os::FdView socket, const Datagram& datagram, std::span<const char> bytes) {
    Endpoint peer = datagram.peer;
    Control control{};
    iovec part{.iov_base = const_cast<char*>(bytes.data()), .iov_len = bytes.size()};
    msghdr message{};
    message.msg_name = peer.raw();
    message.msg_namelen = peer.size();
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (datagram.own.family() == AF_INET) {
        in_pktinfo info{};
        info.ipi_spec_dst = datagram.own.v4();
        put(message, control, IPPROTO_IP, IP_PKTINFO, info);
    } else if (datagram.own.family() == AF_INET6) {
        in6_pktinfo info{};
        info.ipi6_addr = datagram.own.v6();
        put(message, control, IPPROTO_IPV6, IPV6_PKTINFO, info);
    }
    (void)::sendmsg(socket.get(), &message, MSG_NOSIGNAL);
}

}  // namespace sbx::network
