#include "network/address.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>

namespace sbx::network {

static constexpr std::size_t kV4 = sizeof(in_addr);
static constexpr std::size_t kV6 = sizeof(in6_addr);

Address Address::of_bytes(std::string_view bytes) {
    Address address;
    address.v6_ = bytes.size() > kV4;
    std::memcpy(address.bytes_.data(), bytes.data(), std::min(bytes.size(), kV6));
    return address;
}

Address Address::of_number(std::uint32_t number) {
    const std::uint32_t bytes = htonl(number);
    return of_bytes({reinterpret_cast<const char*>(&bytes), sizeof bytes});
}

std::optional<Address> Address::parse(std::string_view text) {
    const std::string words(text);
    std::array<char, kV6> bytes{};
    if (::inet_pton(AF_INET, words.c_str(), bytes.data()) == 1)
        return of_bytes({bytes.data(), kV4});
    if (::inet_pton(AF_INET6, words.c_str(), bytes.data()) == 1)
        return of_bytes({bytes.data(), kV6});
    return std::nullopt;
}

std::uint32_t Address::number() const {
    std::uint32_t number = 0;
    std::memcpy(&number, bytes_.data(), sizeof number);
    return ntohl(number);
}

std::string Address::bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), v6_ ? kV6 : kV4};
}

std::string Address::text() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(v6_ ? AF_INET6 : AF_INET, bytes_.data(), text.data(), text.size());
    return text.data();
}

bool Address::is_in(const Address& network, unsigned bits) const {
    if (v6_ != network.v6_) return false;
    const std::size_t whole = bits / 8;
    if (!std::equal(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(whole),
                    network.bytes_.begin()))
        return false;
    const unsigned rest = bits % 8;
    if (rest == 0) return true;
    const unsigned mask = 0xffU << (8 - rest);
    return ((bytes_[whole] ^ network.bytes_[whole]) & mask) == 0;
}

Address Address::embedded(std::size_t at) const {
    return of_bytes({reinterpret_cast<const char*>(bytes_.data()) + at, kV4});
}

}  // namespace sbx::network
