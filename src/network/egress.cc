#include "network/egress.h"

#include "network/dns.h"
#include "network/gateway_names.h"
#include "network/packet.h"
#include "network/refusal.h"

namespace sbx::network {

using Decision = Egress::Decision;
using Clock = EgressNames::Clock;
using What = Spoken::What;

static constexpr std::uint16_t kHttp = 80;
static constexpr std::uint16_t kHttps = 443;

Decision Egress::refuse(std::string_view frame, const Refused& refused) {
    log_.note(refused, now());
    return {.answer = refusal_of(frame)};
}

bool Egress::is_gateway(const Address& address) const {
    const Layout::Side* side = layout_.side_with(address);
    return side && address == side->gateway;
}

Egress::Standing Egress::standing_of(const Address& address, ContainerPort port) const {
    const std::string_view against = rules_.against(address, port);
    if (against != EgressRules::kNotAllowed) return {.against = against};
    if (is_gateway(address))
        for (const std::string_view name : kGatewayNames)
            if (rules_.against(name, port).empty()) return {.name = name};
    Standing standing{.against = against};
    for (const std::string_view name : names_.names_of(address, Clock::now())) {
        standing.name = name;
        standing.against = rules_.against(name, port);
        if (standing.against.empty()) return {.name = name, .by_name = true};
    }
    return standing;
}

// --- names ---------------------------------------------------------------------------------------

// To the name server of the network, the only one that can be asked.
Decision Egress::judge_question(std::string_view frame) {
    const std::optional<UdpDatagram> datagram = parse_datagram(frame);
    const std::optional<Question> question =
        datagram ? parse_question(datagram->bytes) : std::nullopt;
    if (!question) return {.answer = refusal_of(frame)};
    const std::string_view against = rules_.against(question->name);
    if (against.empty()) {
        questions_.note({datagram->course.source_port, question->id, question->name}, Clock::now());
        return {.goes_on = true};
    }
    log_.note({.name = question->name, .rule = against, .is_question = true}, now());
    return {.answer =
                answer_datagram(frame, *datagram, answer_to(*question, Outcome::no_such_name))};
}

// Anybody in the world may send what looks like an answer: the stack says of all that comes to a
// socket that it is from whom the first datagram went to.
void Egress::learn_names(const UdpDatagram& datagram) {
    if (datagram.course.source_port != kDomainPort || !is_of_network(datagram.course.source))
        return;
    const std::optional<DnsReply> reply = parse_dns_reply(datagram.bytes);
    if (!reply || !rules_.against(reply->name).empty()) return;
    if (questions_.take({datagram.course.port, reply->id, reply->name}, Clock::now()))
        names_.learn(*reply, Clock::now());
}

void Egress::learn(std::string_view frame) {
    if (const std::optional<TcpSegment> segment = parse_segment(frame))
        flows_.answer(*segment);
    else if (const std::optional<UdpDatagram> datagram = parse_datagram(frame))
        learn_names(*datagram);
}

// --- connections ---------------------------------------------------------------------------------

bool Egress::may_speak(const TcpSegment& segment, const Spoken& spoken) {
    const ContainerPort port{.number = segment.course.port};
    const Address& to = segment.course.destination;
    const Standing standing = standing_of(to, port);
    Refused refused{.name = standing.name, .address = to, .port = port, .rule = standing.against};
    if (refused.rule.empty() && spoken.what == What::named) {
        const std::string_view against = rules_.against(spoken.name, port);
        // Where the address is allowed for its own sake, a name may only be denied.
        if (standing.by_name || against != EgressRules::kNotAllowed) refused.rule = against;
        if (!refused.rule.empty()) refused.name = spoken.name;
    } else if (refused.rule.empty() && standing.by_name) {
        const bool has_to_say = port.number == kHttp || port.number == kHttps;
        if (spoken.what == What::nameless || has_to_say) refused.rule = "no name is said";
    }
    if (refused.rule.empty()) return true;
    log_.note(refused, now());
    return false;
}

Decision Egress::judge_segment(std::string_view frame, const TcpSegment& segment) {
    if (segment.begins) {
        const ContainerPort port{.number = segment.course.port};
        const Address& to = segment.course.destination;
        const Standing standing = standing_of(to, port);
        if (!standing.against.empty())
            return refuse(
                frame,
                {.name = standing.name, .address = to, .port = port, .rule = standing.against});
        if (!segment.bytes.empty()) return {};  // it is sent again once there is a connection
        flows_.begin(segment);
        return {.goes_on = true};
    }
    const auto judge = [this](const TcpSegment& one, const Spoken& spoken) {
        return may_speak(one, spoken);
    };
    EgressFlows::Outcome outcome = flows_.take(segment, frame, judge);
    switch (outcome.step) {
        case EgressFlows::Step::goes_on:
            return {.goes_on = true, .before = std::move(outcome.held)};
        case EgressFlows::Step::held:
            return {.answer = acknowledgement(frame, segment, outcome.number)};
        case EgressFlows::Step::of_no_use: return {};
        case EgressFlows::Step::unknown:
            if (segment.breaks_off) return {};
            return {.answer = reset_for_sender(frame, segment)};
        case EgressFlows::Step::refused:
            return {.before = {reset_for_receiver(frame, segment, outcome.number)},
                    .answer = reset_for_sender(frame, segment)};
    }
    std::unreachable();
}

Decision Egress::judge_datagram(std::string_view frame, const Address& to, ContainerPort port) {
    const Standing standing = standing_of(to, port);
    if (standing.against.empty()) return {.goes_on = true};
    return refuse(frame,
                  {.name = standing.name, .address = to, .port = port, .rule = standing.against});
}

// Where something there can be reached.
Decision Egress::judge_echo(std::string_view frame, const Address& to) {
    std::string_view against = rules_.against(to);
    if (against == EgressRules::kNotAllowed)
        for (const std::string_view name : names_.names_of(to, Clock::now()))
            if (rules_.against(name).empty()) against = "";
    if (against.empty()) return {.goes_on = true};
    return refuse(frame, {.address = to, .rule = against});
}

// Which would tell what names mean, and learn what is asked for.
bool Egress::is_other_name_server(const Address& to, ContainerPort port) const {
    constexpr std::uint16_t kDomainOverTls = 853;
    if (port.number != kDomainPort && port.number != kDomainOverTls) return false;
    return rules_.are_about_names() && !rules_.name_address(to, port);
}

Decision Egress::judge(std::string_view frame) {
    const std::optional<Packet> packet = parse_frame(frame);
    if (!packet) return {};
    using Kind = Packet::Kind;
    const Address& to = packet->destination;
    if (packet->kind == Kind::arp || packet->kind == Kind::neighbour) return {.goes_on = true};
    if (is_of_network(to) && packet->port == kDomainPort) return judge_question(frame);
    // There is nobody but the stack, unless the gateway leads to the host's loopback: policy.h.
    const bool leads_on = is_gateway(to) && packet->kind != Kind::echo;
    if (is_of_network(to) && !leads_on) return {.goes_on = true};
    if (packet->kind == Kind::echo) return judge_echo(frame, to);
    const ContainerPort port{.number = packet->port,
                             .protocol = packet->kind == Kind::tcp ? Protocol::tcp : Protocol::udp};
    if (is_other_name_server(to, port))
        return refuse(frame, {.address = to, .port = port, .rule = "another name server"});
    if (packet->kind == Kind::udp) return judge_datagram(frame, to, port);
    const std::optional<TcpSegment> segment = parse_segment(frame);
    return segment ? judge_segment(frame, *segment) : Decision();
}

}  // namespace sbx::network
