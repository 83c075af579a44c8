// What containers and servers say, as bytes: TLS, DNS, and segments of TCP.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "network/checksum.h"
#include "support/frames.h"

namespace sbx::test {

inline std::string counted(std::size_t size, const std::string& bytes) {
    std::string length;
    for (std::size_t i = 0; i < size; ++i)
        length += static_cast<char>(bytes.size() >> 8 * (size - 1 - i) & 0xffU);
    return length + bytes;
}

inline std::string server_name(const std::string& name) {
    return word(0) + counted(2, counted(2, std::string(1, '\0') + counted(2, name)));
}

// A ClientHello in one record, with these extensions.
inline std::string client_hello(const std::string& extensions) {
    const std::string body = word(0x0303) + std::string(32, 'r') + counted(1, "session") +
                             counted(2, word(0x1301)) + counted(1, std::string(1, '\0')) +
                             counted(2, extensions);
    const std::string message = std::string(1, '\x01') + counted(3, body);
    return "\x16" + word(0x0301) + counted(2, message);
}

inline std::string labels(std::string_view name) {
    std::string bytes;
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        bytes += counted(1, std::string(label));
        name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    return bytes + std::string(1, '\0');
}

inline std::string dns_record(const std::string& name, std::size_t type, std::size_t valid,
                              const std::string& data) {
    return name + word(type) + word(1) + word(valid >> 16U) + word(valid & 0xffffU) +
           counted(2, data);
}

inline std::string dns_question(std::string_view name, std::size_t type = 1) {
    return word(7) + word(0x0100) + word(1) + word(0) + word(0) + word(0) + labels(name) +
           word(type) + word(1);
}

inline std::string dns_reply(std::string_view name, const std::vector<std::string>& records,
                             std::size_t flags = 0x8180) {
    std::string bytes = word(7) + word(flags) + word(1) + word(records.size()) + word(0) + word(0) +
                        labels(name) + word(1) + word(1);
    for (const std::string& record : records)
        bytes += record;
    return bytes;
}

inline const std::string kNameOfQuestion = "\xc0\x0c";

inline std::string address_record(std::string_view address, std::size_t valid = 60,
                                  const std::string& name = kNameOfQuestion) {
    const auto parsed = *network::Address::parse(address);
    return dns_record(name, parsed.is_v6() ? 28 : 1, valid, parsed.bytes());
}

constexpr char kFin = 1;
constexpr char kSyn = 2;
constexpr char kRst = 4;
constexpr char kAck = 16;

// With the checksum that it needs to be taken note of. What the other side has said ends before 77.
inline std::string segment(const Frame& frame, std::size_t number, char flags,
                           std::size_t expected = 77) {
    std::string bytes = bytes_of(frame);
    const bool v6 = network::Address::parse(frame.to)->is_v6();
    const std::size_t at = 14 + (v6 ? 40 : 20);
    bytes.replace(at + 4, 4, word(number >> 16U & 0xffffU) + word(number & 0xffffU));
    bytes.replace(at + 8, 4, word(expected >> 16U & 0xffffU) + word(expected & 0xffffU));
    bytes[at + 13] = flags;
    const std::string source = network::Address::parse(frame.from)->bytes();
    const std::string destination = network::Address::parse(frame.to)->bytes();
    const network::Between between{
        .source = source, .destination = destination, .protocol = IPPROTO_TCP};
    bytes.replace(at + 16, 2, word(network::checksum(between, std::string_view(bytes).substr(at))));
    return bytes;
}

// The other side's answer to the beginning of a connection, which takes the container's next byte
// to be `expected`.
inline std::string beginning_back(const Frame& frame, std::size_t expected) {
    std::string bytes = segment({.from = frame.to, .to = frame.from}, 76, kSyn | kAck, expected);
    bytes.replace(14 + 20, 4, word(frame.port) + word(4000));
    return bytes;
}

// From the container's name server to it.
inline std::string reply_frame(const std::string& message) {
    std::string bytes = bytes_of(
        {.from = "10.0.2.3", .to = "10.0.2.100", .protocol = IPPROTO_UDP, .payload = message});
    bytes.replace(14 + 20, 4, word(53) + word(4000));
    return bytes;
}

}  // namespace sbx::test
