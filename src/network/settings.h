// How a container's own network is laid out, and what is open to it beyond the world.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "network/layout.h"

namespace sbx::network {

constexpr const char* kDeviceName = "tap0";
constexpr const char* kHardwareAddress = "\x02\x42\x0a\x00\x02\x64";  // alone in its network

// The addresses are those that slirp4netns(1) gives: of 10.0.2.0/24 the container is .100, its
// gateway .2, its name server .3.
struct Settings {
    std::uint32_t network = 0x0a000200;  // 10.0.2.0
    unsigned prefix = 24;
    unsigned mtu = 65520;  // bytes
    bool ipv6 = true;
    bool allow_host_loopback = false;  // the gateway is the host's 127.0.0.1 and ::1

    Address own() const { return Address::of_number(network + 100); }
    Address gateway() const { return Address::of_number(network + 2); }
    Address names() const { return Address::of_number(network + 3); }
    static Address own6();      // fd00::100
    static Address gateway6();  // fd00::2
    static Address names6();    // fd00::3
    static constexpr unsigned kPrefix6 = 64;

    Layout layout() const;

    // "cidr=10.0.3.0/24,mtu=1500,ipv6=false,allow-host-loopback=true", each where it is not the
    // default. parse() takes what text() gives, and '_' for '-'. Kind::usage.
    std::string text() const;
    static Result<Settings> parse(std::string_view text);

    friend bool operator==(const Settings&, const Settings&) = default;
};

}  // namespace sbx::network
