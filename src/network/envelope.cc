#include "network/envelope.h"

#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/ip.h>

namespace sbx::network {

std::string header_back(std::string_view frame) {
    constexpr std::size_t kHardware = ETHER_ADDR_LEN;
    std::string header(frame.substr(kHardware, kHardware));
    header += frame.substr(0, kHardware);
    return header += frame.substr(2 * kHardware, 2);
}

// RFC 791, section 3.1.
static std::string packet_of_v4(const Between& between, std::string_view message) {
    constexpr std::size_t kHeader = 20;
    std::string header(kHeader, '\0');
    header[0] = 0x45;
    put_word(header, 2, kHeader + message.size());
    header[8] = IPDEFTTL;
    header[9] = static_cast<char>(between.protocol);
    header.replace(12, 4, between.source);
    header.replace(16, 4, between.destination);
    put_word(header, 10, checksum(header));
    return header.append(message);
}

// RFC 8200, section 3; with the limit of hops that RFC 4861 wants of neighbours.
static std::string packet_of_v6(const Between& between, std::string_view message) {
    std::string header(8, '\0');
    header[0] = 0x60;
    put_word(header, 4, message.size());
    header[6] = static_cast<char>(between.protocol);
    header[7] = static_cast<char>(255);
    return header.append(between.source).append(between.destination).append(message);
}

std::string packet_with(const Between& between, std::string_view message) {
    return between.source.size() == sizeof(in_addr) ? packet_of_v4(between, message)
                                                    : packet_of_v6(between, message);
}

}  // namespace sbx::network
