// Which questions about names are under way: only what answers one of them is believed.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace sbx::network {

class EgressQuestions {
public:
    using Clock = std::chrono::steady_clock;

    struct Asked {
        std::uint16_t port = 0;  // the container's
        std::uint16_t id = 0;
        std::string name = {};

        friend bool operator==(const Asked&, const Asked&) = default;
    };

    void note(Asked asked, Clock::time_point now);

    // Whether that was asked, not long ago, and has not been answered yet.
    bool take(const Asked& answered, Clock::time_point now);

private:
    struct Entry {
        Asked asked;
        Clock::time_point when;
    };
    std::deque<Entry> entries_ = {};  // the oldest first
};

}  // namespace sbx::network
