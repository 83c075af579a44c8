// Addresses of IPv4 and IPv6 as values: inet(3).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sbx::network {

class Address {
public:
    // 4 bytes are one of IPv4, 16 one of IPv6, in the order of the network; no other number can be.
    static Address of_bytes(std::string_view bytes);
    static Address of_number(std::uint32_t number);  // of IPv4: 0x7f000001
    static std::optional<Address> parse(std::string_view text);
    // The same of a literal that is one.
    static Address known(std::string_view text) { return parse(text).value_or(Address()); }

    bool is_v6() const { return v6_; }
    std::uint32_t number() const;  // of one of IPv4
    std::string bytes() const;
    std::string text() const;

    // Whether its first `bits` are those of `network`, which is of the same family.
    bool is_in(const Address& network, unsigned bits) const;

    // The one of IPv4 that begins at byte `at` of one of IPv6.
    Address embedded(std::size_t at) const;

    friend auto operator<=>(const Address&, const Address&) = default;

private:
    bool v6_ = false;
    std::array<std::uint8_t, 16> bytes_ = {};
};

}  // namespace sbx::network
