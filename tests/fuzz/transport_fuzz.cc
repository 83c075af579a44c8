#include "fuzz.h"

#include "network/packet.h"
#include "network/transport.h"

using namespace sbx::network;

static void judge_segment(std::string_view frame, const TcpSegment& segment) {
    sbx::fuzz::must(segment.bytes.empty() || frame.contains(segment.bytes));
    const std::string answers[] = {acknowledgement(frame, segment, segment.next()),
                                   reset_for_sender(frame, segment)};
    for (const std::string& answer : answers) {
        const std::optional<TcpSegment> read = parse_segment(answer);
        sbx::fuzz::must(read && is_sound(answer) && read->course == back(segment.course));
    }
    const std::string onward = reset_for_receiver(frame, segment, segment.number);
    const std::optional<TcpSegment> read = parse_segment(onward);
    sbx::fuzz::must(read && read->breaks_off && read->course == segment.course);
}

static void judge_datagram(std::string_view frame, const UdpDatagram& datagram) {
    sbx::fuzz::must(datagram.bytes.empty() || frame.contains(datagram.bytes));
    const std::string answer = answer_datagram(frame, datagram, "answer");
    const std::optional<UdpDatagram> read = parse_datagram(answer);
    sbx::fuzz::must(read && read->bytes == "answer" && read->course == back(datagram.course));
}

void sbx::fuzz::one(std::string_view text) {
    (void)is_sound(text);
    const std::optional<Packet> packet = parse_frame(text);
    const std::optional<TcpSegment> segment = parse_segment(text);
    const std::optional<UdpDatagram> datagram = parse_datagram(text);
    must(packet || (!segment && !datagram));
    must(!segment || !datagram);
    if (segment) judge_segment(text, *segment);
    if (datagram) judge_datagram(text, *datagram);
}
