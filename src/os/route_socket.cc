#include "os/route_socket.h"

#include <sys/socket.h>

namespace sbx::os {

void RouteRequest::append(const void* data, std::size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
    bytes_.resize(NLMSG_ALIGN(bytes_.size()));
}

std::string route_attribute(std::uint16_t type, std::string_view value) {
    const rtattr attribute{.rta_len = static_cast<std::uint16_t>(RTA_LENGTH(value.size())),
                           .rta_type = type};
    std::string bytes(reinterpret_cast<const char*>(&attribute), sizeof attribute);
    bytes += value;
    bytes.resize(RTA_ALIGN(bytes.size()));
    return bytes;
}

void RouteRequest::add(std::uint16_t type, std::string_view value) {
    const std::string attribute = route_attribute(type, value);
    append(attribute.data(), attribute.size());
}

std::string_view RouteRequest::bytes(std::uint32_t sequence) {
    header_.nlmsg_seq = sequence;
    header_.nlmsg_len = static_cast<std::uint32_t>(bytes_.size());
    std::memcpy(bytes_.data(), &header_, sizeof header_);
    return bytes_;
}

std::vector<RouteAttribute> route_attributes(std::string_view bytes) {
    std::vector<RouteAttribute> all;
    auto left = static_cast<std::uint32_t>(bytes.size());
    for (const auto* attribute = reinterpret_cast<const rtattr*>(bytes.data());
         RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
        all.push_back({.type = attribute->rta_type,
                       .value = std::string(static_cast<const char*>(RTA_DATA(attribute)),
                                            RTA_PAYLOAD(attribute))});
    return all;
}

Result<RouteSocket> RouteSocket::open() {
    Fd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (!socket) return Error::from_errno(errno, "open a socket of rtnetlink");
    return RouteSocket(std::move(socket));
}

static Result<> result_of(const nlmsghdr& header) {
    const auto* answer = static_cast<const nlmsgerr*>(NLMSG_DATA(&header));
    if (answer->error == 0) return {};
    return Error::from_errno(-answer->error, "change a network device");
}

static std::string body_of(const nlmsghdr& header) {
    return {static_cast<const char*>(NLMSG_DATA(&header)), NLMSG_PAYLOAD(&header, 0)};
}

Result<> RouteSocket::change(RouteRequest request) const {
    TRY(send(std::move(request)));
    const std::string bytes = TRY(receive());
    const auto* header = reinterpret_cast<const nlmsghdr*>(bytes.data());
    if (!NLMSG_OK(header, bytes.size()) || header->nlmsg_type != NLMSG_ERROR)
        return Error(Error::Kind::failed, "the kernel gave another answer than was asked for");
    return result_of(*header);
}

Result<std::vector<std::string>> RouteSocket::list(RouteRequest request) const {
    TRY(send(std::move(request)));
    std::vector<std::string> all;
    for (;;) {
        const std::string bytes = TRY(receive());
        auto left = static_cast<std::uint32_t>(bytes.size());
        for (const auto* header = reinterpret_cast<const nlmsghdr*>(bytes.data());
             NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
            if (header->nlmsg_type == NLMSG_DONE) return all;
            if (header->nlmsg_type == NLMSG_ERROR) TRY(result_of(*header));
            all.push_back(body_of(*header));
        }
    }
}

Result<std::string> RouteSocket::get(RouteRequest request) const {
    TRY(send(std::move(request)));
    const std::string bytes = TRY(receive());
    const auto* header = reinterpret_cast<const nlmsghdr*>(bytes.data());
    if (!NLMSG_OK(header, bytes.size()))
        return Error(Error::Kind::failed, "the kernel gave no answer about a route");
    if (header->nlmsg_type == NLMSG_ERROR) TRY(result_of(*header));
    return body_of(*header);
}

Result<> RouteSocket::send(RouteRequest request) const {
    const std::string_view bytes = request.bytes(++sequence_);
    if (::send(socket_.get(), bytes.data(), bytes.size(), 0) >= 0) return {};
    return Error::from_errno(errno, "ask the kernel about network devices");
}

// An answer that somebody gave up waiting for may still be in the socket: it is of another request.
Result<std::string> RouteSocket::receive() const {
    constexpr std::size_t kLargest = std::size_t{64} << 10;
    for (;;) {
        std::string bytes(kLargest, '\0');
        const ssize_t size = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return Error::from_errno(errno, "hear from the kernel about devices");
        bytes.resize(static_cast<std::size_t>(size));
        const auto* header = reinterpret_cast<const nlmsghdr*>(bytes.data());
        if (!NLMSG_OK(header, bytes.size()) || header->nlmsg_seq == sequence_) return bytes;
    }
}

}  // namespace sbx::os
