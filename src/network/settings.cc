#include "network/settings.h"

#include <algorithm>

#include "base/text.h"
#include "network/closed.h"

namespace sbx::network {

Address Settings::own6() { return Address::known("fd00::100"); }
Address Settings::gateway6() { return Address::known("fd00::2"); }
Address Settings::names6() { return Address::known("fd00::3"); }

static Result<> parse_cidr(std::string_view text, Settings& settings) {
    const auto sides = halves(text, '/');
    const std::optional<Address> address = sides ? Address::parse(sides->before) : std::nullopt;
    if (!address || address->is_v6())
        return Error(Error::Kind::usage, "cidr={}: a network of IPv4 belongs there, 10.0.2.0/24",
                     excerpt(text));
    // There has to be room for the address that ends in 100.
    const std::int64_t prefix = TRY(parse_number(sides->after, 8, 25), "cidr={}", excerpt(text));
    settings.prefix = static_cast<unsigned>(prefix);
    settings.network = address->number() & (~std::uint32_t{0} << (32 - settings.prefix));
    if (is_closed(settings.own()) || is_closed(settings.gateway()))
        return Error(Error::Kind::usage, "cidr={}: these addresses have a meaning of their own",
                     excerpt(text));
    return {};
}

static Result<bool> parse_switch(std::string_view key, std::string_view value) {
    if (value == "true" || value == "false") return value == "true";
    return Error(Error::Kind::usage, "{}={}: true or false belongs there", key, excerpt(value));
}

static Result<> apply(std::string_view key, std::string_view value, Settings& settings) {
    constexpr unsigned kLeast = 576;  // RFC 791, what all have to take
    constexpr unsigned kMost = 65520;
    if (key == "cidr") return parse_cidr(value, settings);
    if (key == "mtu")
        settings.mtu = static_cast<unsigned>(TRY(parse_number(value, kLeast, kMost), "mtu"));
    else if (key == "ipv6" || key == "enable-ipv6")
        settings.ipv6 = TRY(parse_switch(key, value));
    else if (key == "allow-host-loopback")
        settings.allow_host_loopback = TRY(parse_switch(key, value));
    else
        return Error(Error::Kind::usage,
                     "there is no '{}': cidr=, mtu=, ipv6= and allow-host-loopback= belong there",
                     excerpt(key));
    return {};
}

Result<Settings> Settings::parse(std::string_view text) {
    Settings settings;
    if (text.empty()) return settings;
    for (const std::string_view field : split(text, ',')) {
        const auto sides = halves(field, '=');
        std::string key(sides ? sides->before : field);
        std::ranges::replace(key, '_', '-');
        TRY(apply(key, sides ? sides->after : "", settings));
    }
    constexpr unsigned kLeastOfV6 = 1280;  // RFC 8200, section 5
    if (settings.ipv6 && settings.mtu < kLeastOfV6)
        return Error(Error::Kind::usage, "mtu={}: IPv6 needs {}", settings.mtu, kLeastOfV6)
            .hint("add ipv6=false");
    return settings;
}

Layout Settings::layout() const {
    Layout layout{.v4 = {.subnet = {.network = Address::of_number(network), .bits = prefix},
                         .gateway = gateway(),
                         .names = names()},
                  .mtu = mtu,
                  .allow_host_loopback = allow_host_loopback};
    if (ipv6)
        layout.v6 = {.subnet = {.network = Address::known("fd00::"), .bits = kPrefix6},
                     .gateway = gateway6(),
                     .names = names6()};
    return layout;
}

std::string Settings::text() const {
    const Settings usual;
    std::vector<std::string> fields;
    if (network != usual.network || prefix != usual.prefix)
        fields.push_back(fmt::format("cidr={}/{}", Address::of_number(network).text(), prefix));
    if (mtu != usual.mtu) fields.push_back(fmt::format("mtu={}", mtu));
    if (!ipv6) fields.emplace_back("ipv6=false");
    if (allow_host_loopback) fields.emplace_back("allow-host-loopback=true");
    return join(fields, ",");
}

}  // namespace sbx::network
