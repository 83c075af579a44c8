// What becomes of a frame on a network that several containers share. Nothing here touches a
// socket.
//
// Members speak to each other and to the stack by the addresses they were given, and by no others.
// Who has which is told by the bridge alone: no frame goes to all, none about neighbours is handed
// on, and where a frame goes is told by the address of its packet, not by its hardware's.
#pragma once

#include <string>
#include <string_view>

#include "network/dns.h"
#include "network/members.h"
#include "network/policy.h"

namespace sbx::network {

class Bridge {
public:
    Bridge(const Members& members, Policy::IsOfHost is_of_host)
        : members_(&members), policy_(members.network().layout, std::move(is_of_host)) {}

    struct Decision {
        enum class Way : std::uint8_t {
            drop,
            member,  // to member `port`, with the hardware address that it has
            stack,   // to the stack that sends it out
            answer,  // `answer` goes back to where it came from
            name,    // a question, `answer`, that another network may know more about
        };
        Way way = Way::drop;
        unsigned port = 0;
        std::string answer = {};
    };
    Decision judge(const Member& from, std::string_view frame) const;
    Decision judge_from_stack(std::string_view frame) const;

    // Of a frame with such a question, where no other network knows the name, and where one does.
    Decision judge_unknown(std::string_view frame) const;
    static std::string answered(std::string_view frame, std::string_view answer);

    // What another network is told of a question that came there; empty for what is not known.
    std::string answer_other(std::string_view message) const;

    // Of what the bridge answers for: gateway and name server.
    std::string own_hardware() const;

private:
    const SharedNetwork& network() const { return members_->network(); }
    bool is_own(const Address& address) const;
    Decision judge_inquiry(const Member& from, std::string_view frame) const;
    Decision judge_packet(const Member& from, const Ends& ends, std::string_view frame) const;
    Decision judge_outward(std::string_view frame) const;
    Decision judge_question(std::string_view frame) const;
    std::string answer_about_members(const Question& question) const;

    const Members* members_;
    Policy policy_;
};

}  // namespace sbx::network
