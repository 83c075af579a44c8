#include "network/egress_questions.h"

#include <algorithm>

namespace sbx::network {

void EgressQuestions::note(Asked asked, Clock::time_point now) {
    constexpr std::size_t kMost = 1024;
    if (entries_.size() >= kMost) entries_.pop_front();
    entries_.push_back({.asked = std::move(asked), .when = now});
}

bool EgressQuestions::take(const Asked& answered, Clock::time_point now) {
    constexpr std::chrono::seconds kPatience(60);
    while (!entries_.empty() && now - entries_.front().when > kPatience)
        entries_.pop_front();
    const auto found = std::ranges::find(entries_, answered, &Entry::asked);
    if (found == entries_.end()) return false;
    entries_.erase(found);
    return true;
}

}  // namespace sbx::network
