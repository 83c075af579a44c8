#include "network/subnet.h"

#include <algorithm>

#include <arpa/inet.h>

#include "base/text.h"

namespace sbx::network {

static constexpr unsigned kWord = 32;

static unsigned width(const Address& address) { return address.is_v6() ? 128 : kWord; }

static Address without_host(const Address& address, unsigned bits) {
    std::string bytes = address.bytes();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const unsigned before = static_cast<unsigned>(i) * 8;
        const unsigned kept = std::clamp(bits, before, before + 8) - before;
        const unsigned mask = 0xff00U >> kept & 0xffU;
        bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) & mask);
    }
    return Address::of_bytes(bytes);
}

// Of an address of either family its last four bytes.
static std::uint32_t last_word(const Address& address) {
    const std::string bytes = address.bytes();
    return Address::of_bytes(std::string_view(bytes).substr(bytes.size() - 4)).number();
}

Result<Subnet> Subnet::parse(std::string_view text) {
    const auto sides = halves(text, '/');
    const std::optional<Address> address = sides ? Address::parse(sides->before) : std::nullopt;
    if (!address)
        return Error(Error::Kind::usage, "'{}': a network belongs there, 10.89.0.0/24",
                     excerpt(text));
    const auto bits = static_cast<unsigned>(
        TRY(parse_number(sides->after, 1, width(*address)), "'{}'", excerpt(text)));
    return Subnet{.network = without_host(*address, bits), .bits = bits};
}

std::string Subnet::text() const { return fmt::format("{}/{}", network.text(), bits); }

bool Subnet::overlaps(const Subnet& other) const {
    return has(other.network) || other.has(network);
}

Address Subnet::at(std::uint32_t number) const {
    std::string bytes = network.bytes();
    const std::string word = Address::of_number(last_word(network) + number).bytes();
    bytes.replace(bytes.size() - word.size(), word.size(), word);
    return Address::of_bytes(bytes);
}

std::uint32_t Subnet::number_of(const Address& address) const {
    return last_word(address) - last_word(network);
}

std::uint32_t Subnet::last() const {
    const unsigned hosts = width(network) - bits;
    return hosts >= kWord ? ~std::uint32_t{0} : (std::uint32_t{1} << hosts) - 1;
}

}  // namespace sbx::network
