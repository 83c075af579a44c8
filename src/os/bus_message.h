// Messages of D-Bus, to bytes and back: the D-Bus Specification, "Type System", "Message Protocol".
//
// Only what a conversation with systemd needs. What is read is another process's word:
// bus_reader.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace sbx::os {

// What a property of a unit may hold, with its D-Bus type.
using BusNumbers = std::vector<std::uint32_t>;  // au
using BusValue = std::variant<bool, std::int32_t, std::uint32_t, std::int64_t, std::uint64_t,
                              std::string, std::vector<std::string>, BusNumbers>;

struct BusProperty {
    std::string name;
    BusValue value;

    friend bool operator==(const BusProperty&, const BusProperty&) = default;
};

// The body of a message under construction, little-endian, with the signature of what is in it.
class BusBody {
public:
    BusBody& add_text(std::string_view text) &;                         // s
    BusBody& add_number(std::uint32_t number) &;                        // u
    BusBody& add_numbers(const BusNumbers& numbers) &;                  // au
    BusBody& add_properties(const std::vector<BusProperty>& values) &;  // a(sv)
    BusBody& add_no_units() &;                                          // a(sa(sv)), empty

    const std::string& bytes() const { return bytes_; }
    const std::string& signature() const { return signature_; }

private:
    std::string bytes_;
    std::string signature_;
};

enum class BusMessageType : std::uint8_t { call = 1, answer = 2, error = 3, signal = 4 };

// The header of a message: "Header Fields".
struct BusHeader {
    BusMessageType type = BusMessageType::call;
    std::uint32_t serial = 0;
    std::uint32_t reply_to = 0;    // of answers and errors
    std::string destination = {};  // of calls; empty on a connection without a bus
    std::string sender = {};       // of what was read from a bus, which vouches for it
    std::string path = {};
    std::string interface = {};
    std::string member = {};
    std::string error_name = {};
};

// The whole message.
std::string bus_message(const BusHeader& header, const BusBody& body);

// A message that was read.
struct BusMessage {
    BusHeader header;
    std::string signature;
    std::string body;
};

// The fixed beginning of a message, and the size of the whole one that it announces.
constexpr std::size_t kBusPreamble = 16;
constexpr std::size_t kLargestBusMessage = std::size_t{1} << 20;
Result<std::size_t> bus_message_size(std::string_view preamble);

// A message of exactly the size that it announces.
Result<BusMessage> parse_bus_message(std::string_view bytes);

}  // namespace sbx::os
