#include "network/own_addresses.h"

#include <string_view>

namespace sbx::network {

bool OwnAddresses::contain(const Address& address, Clock::time_point now) {
    const std::size_t hash = std::hash<std::string_view>()(address.bytes());
    Answer& answer = answers_[hash % kAnswers];
    if (answer.address == address && now < answer.until) return answer.own;
    const Result<bool> own = asked_(address);
    answer = {.address = address, .until = now + std::chrono::seconds(1), .own = !own || *own};
    return answer.own;
}

}  // namespace sbx::network
