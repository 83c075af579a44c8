// The part of DNS that a server of a few names needs: RFC 1035. Questions are from containers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "network/address.h"

namespace sbx::network {

struct Question {
    enum class Kind : std::uint8_t { v4, v6, pointer, other };  // A, AAAA, PTR; what else there is
    std::uint16_t id = 0;
    bool recursion = false;  // is wanted
    std::string name;        // "db.example": in lower case, without a dot at its end
    Kind kind = Kind::other;
    std::string section;  // as it was asked
};

// Nothing for what is no query of one question about the Internet: whoever knows more may answer.
std::optional<Question> parse_question(std::string_view message);

enum class Outcome : std::uint8_t {
    known,  // also where there is nothing of that kind
    no_such_name,
};

// As many of the addresses as fit into 512 bytes, all of the kind that was asked for; nothing of
// them is to be remembered.
std::string answer_to(const Question& question, Outcome outcome,
                      std::span<const Address> addresses = {});

// `name` for the address that was asked about.
std::string pointer_to(const Question& question, std::string_view name);

// "4.3.2.1.in-addr.arpa", and the same of IPv6: RFC 1035, section 3.5, RFC 3596, section 2.5.
std::optional<Address> reversed(std::string_view name);

}  // namespace sbx::network
