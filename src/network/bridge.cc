#include "network/bridge.h"

#include "network/neighbours.h"
#include "network/refusal.h"
#include "network/transport.h"

namespace sbx::network {

using Decision = Bridge::Decision;
using Way = Bridge::Decision::Way;

static constexpr std::size_t kHardware = 6;

static std::string_view sender_of(std::string_view frame) {
    return frame.substr(kHardware, kHardware);
}

static bool has(const Place& place, const Address& address) {
    return address == place.v4 || (place.v6 && address == *place.v6);
}

std::string Bridge::own_hardware() const {
    return "\x52\x55" + network().layout.v4.gateway.bytes();  // which the stack has, too
}

bool Bridge::is_own(const Address& address) const {
    const Layout::Side* side = network().layout.side_with(address);
    return side && (address == side->gateway || address == side->names);
}

// --- neighbours ----------------------------------------------------------------------------------

Decision Bridge::judge_inquiry(const Member& from, std::string_view frame) const {
    const std::optional<Inquiry> inquiry = parse_inquiry(frame);
    if (!inquiry || inquiry->hardware != from.place.hardware) return {};
    const bool nobody_yet = inquiry->sender == Address::known("0.0.0.0");
    if (!nobody_yet && !has(from.place, inquiry->sender)) return {};
    const Member* wanted = members_->with(inquiry->wanted);
    if (wanted == &from) return {};  // it asks whether another one has its address
    if (wanted) return {.way = Way::answer, .answer = answer_of(frame, wanted->place.hardware)};
    if (!is_own(inquiry->wanted)) return {};
    return {.way = Way::answer, .answer = answer_of(frame, own_hardware())};
}

// --- names ---------------------------------------------------------------------------------------

// What members are called, if that is to be known; empty where it is not about one of them.
std::string Bridge::answer_about_members(const Question& question) const {
    if (!network().names) return {};
    if (question.kind == Question::Kind::pointer)
        if (const std::optional<Address> address = reversed(question.name)) {
            const Member* member = members_->with(*address);
            if (member) return pointer_to(question, member->who.name);
            if (network().layout.side_with(*address))
                return answer_to(question, Outcome::no_such_name);
        }
    const std::vector<Address> addresses = members_->addresses_of(question.name);
    return addresses.empty() ? "" : answer_to(question, Outcome::known, addresses);
}

Decision Bridge::judge_question(std::string_view frame) const {
    const std::optional<UdpDatagram> datagram = parse_datagram(frame);
    const std::optional<Question> question =
        datagram ? parse_question(datagram->bytes) : std::nullopt;
    if (!question) return judge_outward(frame);
    const std::string answer = answer_about_members(*question);
    if (answer.empty()) return {.way = Way::name, .answer = std::string(datagram->bytes)};
    return {.way = Way::answer, .answer = answer_datagram(frame, *datagram, answer)};
}

Decision Bridge::judge_unknown(std::string_view frame) const {
    const std::optional<UdpDatagram> datagram = parse_datagram(frame);
    const std::optional<Question> question =
        datagram ? parse_question(datagram->bytes) : std::nullopt;
    if (!question || !network().internal) return judge_outward(frame);
    return {
        .way = Way::answer,
        .answer = answer_datagram(frame, *datagram, answer_to(*question, Outcome::no_such_name))};
}

std::string Bridge::answered(std::string_view frame, std::string_view answer) {
    const std::optional<UdpDatagram> datagram = parse_datagram(frame);
    return datagram ? answer_datagram(frame, *datagram, answer) : "";
}

std::string Bridge::answer_other(std::string_view message) const {
    const std::optional<Question> question = parse_question(message);
    return question ? answer_about_members(*question) : "";
}

// --- packets -------------------------------------------------------------------------------------

Decision Bridge::judge_outward(std::string_view frame) const {
    const Policy::Verdict verdict = policy_.judge(frame);
    if (verdict == Policy::Verdict::drop) return {};
    if (verdict == Policy::Verdict::pass && !network().internal) return {.way = Way::stack};
    return {.way = Way::answer, .answer = refusal_of(frame)};
}

Decision Bridge::judge_packet(const Member& from, const Ends& ends, std::string_view frame) const {
    const Member* to = members_->with(ends.destination);
    if (to == &from) return {};
    if (to) return {.way = Way::member, .port = to->port};
    const Layout::Side* side = network().layout.side_with(ends.destination);
    if (side && ends.destination == side->names) {
        const std::optional<Packet> packet = parse_frame(frame);
        if (packet && packet->kind == Packet::Kind::udp && packet->port == kDomainPort)
            return judge_question(frame);
    }
    return judge_outward(frame);
}

Decision Bridge::judge(const Member& from, std::string_view frame) const {
    if (frame.size() < kFrameHeader || sender_of(frame) != from.place.hardware) return {};
    const std::optional<Ends> ends = parse_ends(frame);
    if (!ends || is_discovery(frame)) return judge_inquiry(from, frame);
    return has(from.place, ends->source) ? judge_packet(from, *ends, frame) : Decision();
}

// It asks who has an address before it sends there.
Decision Bridge::judge_from_stack(std::string_view frame) const {
    if (const std::optional<Inquiry> inquiry = parse_inquiry(frame)) {
        const Member* wanted = members_->with(inquiry->wanted);
        if (!wanted) return {};
        return {.way = Way::answer, .answer = answer_of(frame, wanted->place.hardware)};
    }
    const std::optional<Ends> ends = parse_ends(frame);
    const Member* to = ends && !is_discovery(frame) ? members_->with(ends->destination) : nullptr;
    if (!to) return {};
    return {.way = Way::member, .port = to->port};
}

}  // namespace sbx::network
