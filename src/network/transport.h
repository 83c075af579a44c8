// What TCP and UDP carry in a frame that a container sends or is sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "network/address.h"

namespace sbx::network {

// Between whom something goes.
struct Course {
    Address source = {};
    Address destination = {};
    std::uint16_t source_port = 0;
    std::uint16_t port = 0;  // of the destination

    friend auto operator<=>(const Course&, const Course&) = default;
};

Course back(const Course& course);  // that of an answer

struct TcpSegment {
    Course course;
    std::uint32_t number = 0;    // of its first byte
    std::uint32_t expected = 0;  // of the other side's next one
    bool begins = false;         // SYN
    bool acknowledges = false;   // ACK
    bool is_urgent = false;      // URG
    bool ends = false;           // FIN
    bool breaks_off = false;     // RST
    std::string_view bytes = {};

    std::uint32_t next() const;  // of what follows it
};

struct UdpDatagram {
    Course course;
    std::string_view bytes = {};
};

// Of a frame that parse_frame() has an answer to; nothing for any other. They are parts of `frame`.
std::optional<TcpSegment> parse_segment(std::string_view frame);
std::optional<UdpDatagram> parse_datagram(std::string_view frame);

// Whether the checksums of the segment in `frame` are right: of what is not so nobody takes note.
bool is_sound(std::string_view frame);

// A frame that tells who has sent `segment` in `frame` that all up to `number` has come.
std::string acknowledgement(std::string_view frame, const TcpSegment& segment,
                            std::uint32_t number);

// Frames that break the connection off: one for who has sent `segment` in `frame`, and one for whom
// it was meant, which has seen nothing after the byte before `number`.
std::string reset_for_sender(std::string_view frame, const TcpSegment& segment);
std::string reset_for_receiver(std::string_view frame, const TcpSegment& segment,
                               std::uint32_t number);

// A frame with `message` as the answer to the datagram in `frame`.
std::string answer_datagram(std::string_view frame, const UdpDatagram& asked,
                            std::string_view message);

}  // namespace sbx::network
