#include "network/checksum.h"

namespace sbx::network {

std::uint16_t checksum(std::string_view bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(bytes[i]);
        sum += i % 2 == 0 ? std::uint32_t{byte} << 8U : byte;
    }
    while (sum > 0xffff)
        sum = (sum & 0xffffU) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum);
}

std::uint16_t checksum(const Between& between, std::string_view message) {
    std::string whole(between.source);
    whole += between.destination;
    std::string tail(4, '\0');
    tail[1] = static_cast<char>(between.protocol);
    put_word(tail, 2, message.size());
    return checksum(whole + tail + std::string(message));
}

void put_word(std::string& bytes, std::size_t at, std::size_t word) {
    bytes[at] = static_cast<char>(word >> 8U & 0xffU);
    bytes[at + 1] = static_cast<char>(word & 0xffU);
}

}  // namespace sbx::network
