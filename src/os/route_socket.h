// A conversation with the kernel about the devices, addresses and routes of a network namespace:
// rtnetlink(7).
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

// A message to the kernel: its header, that of the object it is about, and attributes.
class RouteRequest {
public:
    template <class Object>
    RouteRequest(std::uint16_t type, int flags, const Object& object) {
        header_.nlmsg_type = type;
        header_.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
        append(&header_, sizeof header_);
        append(&object, sizeof object);
    }

    void add(std::uint16_t type, std::string_view value);
    void add_number(std::uint16_t type, std::int32_t value) {
        add(type, {reinterpret_cast<const char*>(&value), sizeof value});
    }
    void add_text(std::uint16_t type, const std::string& text) {
        add(type, {text.c_str(), text.size() + 1});
    }

    std::string_view bytes(std::uint32_t sequence);

private:
    void append(const void* data, std::size_t size);

    nlmsghdr header_ = {};
    std::string bytes_;
};

// An attribute as bytes, to be put into another one.
std::string route_attribute(std::uint16_t type, std::string_view value);

struct RouteAttribute {
    std::uint16_t type = 0;
    std::string value = {};
};

// What the kernel tells of one object: an ifaddrmsg, an rtmsg, ...
template <class Object>
struct RouteObject {
    Object about = {};
    std::vector<RouteAttribute> attributes = {};
};

std::vector<RouteAttribute> route_attributes(std::string_view bytes);

// `body` is of an answer to a request about such an object.
template <class Object>
RouteObject<Object> route_object(std::string_view body) {
    RouteObject<Object> object;
    if (body.size() < sizeof object.about) return object;
    body.copy(reinterpret_cast<char*>(&object.about), sizeof object.about);
    object.attributes = route_attributes(body.substr(NLMSG_ALIGN(sizeof object.about)));
    return object;
}

// It stays with the namespace that this process was in when it began.
class RouteSocket {
public:
    static Result<RouteSocket> open();

    // With NLM_F_ACK: the kernel's own error where it refuses.
    Result<> change(RouteRequest request) const;

    // The bodies of all objects that a request with NLM_F_DUMP is answered with.
    Result<std::vector<std::string>> list(RouteRequest request) const;

    // The body of the one object that is the answer.
    Result<std::string> get(RouteRequest request) const;

    FdView fd() const { return socket_; }

private:
    explicit RouteSocket(Fd socket) : socket_(std::move(socket)) {}

    Result<> send(RouteRequest request) const;
    Result<std::string> receive() const;

    Fd socket_;
    mutable std::uint32_t sequence_ = 0;  // of the last request
};

}  // namespace sbx::os
