// Whom a container may speak to, by name: what its rules say of each frame that is otherwise let
// pass (policy.h).
//
// A name is allowed to be asked for or not. The addresses that the name server answers with can be
// reached, at the ports of the name's rule, as long as the answer is young. Connections there have
// to say the name first, where they speak TLS or HTTP: many names may have one address.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "network/egress_flows.h"
#include "network/egress_log.h"
#include "network/egress_names.h"
#include "network/egress_questions.h"
#include "network/egress_rules.h"
#include "network/layout.h"

namespace sbx::network {

class Egress {
public:
    Egress(EgressRules rules, const Layout& layout, os::Fd log)
        : rules_(std::move(rules)), layout_(layout), log_(std::move(log)) {}

    struct Decision {
        bool goes_on = false;                  // the frame itself, to the stack
        std::vector<std::string> before = {};  // frames that go there before it, or in its place
        std::string answer = {};               // a frame that goes back to the container
    };

    // A frame of the container's.
    Decision judge(std::string_view frame);

    // A frame that the stack sends to it.
    void learn(std::string_view frame);

    std::string summary() const { return log_.summary(); }

private:
    // What is known of a destination.
    struct Standing {
        std::string_view against = {};  // why it may not be reached; empty where it may
        std::string_view name = {};     // that it is known by
        bool by_name = false;           // so that the name has to be said
    };

    bool is_of_network(const Address& address) const {
        return layout_.side_with(address) != nullptr;
    }
    bool is_gateway(const Address& address) const;
    Standing standing_of(const Address& address, ContainerPort port) const;
    bool may_speak(const TcpSegment& segment, const Spoken& spoken);
    Decision refuse(std::string_view frame, const Refused& refused);
    Decision judge_question(std::string_view frame);
    void learn_names(const UdpDatagram& datagram);
    Decision judge_segment(std::string_view frame, const TcpSegment& segment);
    Decision judge_datagram(std::string_view frame, const Address& to, ContainerPort port);
    Decision judge_echo(std::string_view frame, const Address& to);
    bool is_other_name_server(const Address& to, ContainerPort port) const;

    EgressRules rules_;
    Layout layout_;
    EgressLog log_;
    EgressQuestions questions_ = {};
    EgressNames names_ = {};
    EgressFlows flows_ = {};
};

}  // namespace sbx::network
