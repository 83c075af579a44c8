// Whether, and when, a container that has ended is started again: --restart.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sbx::container {

struct RestartPolicy {
    enum class When : std::uint8_t { no, on_failure, unless_stopped, always };

    When when = When::no;
    int most = 0;  // of on_failure, how often; 0: without end

    // "no", "always", "unless-stopped", "on-failure", "on-failure:3"; empty is no. Kind::usage.
    static Result<RestartPolicy> parse(std::string_view text);
    std::string_view name() const;  // without the number
    std::string text() const;       // as it is parsed

    // Of one that ended with that code, after so many restarts.
    bool wants(int exit_code, int restarts) const;
};

// How long to wait before the next start of one that ran for `lived`: twice as long each time, from
// a tenth of a second to a minute, and anew where it ran for ten seconds. As docker does it.
std::chrono::milliseconds next_delay(std::chrono::milliseconds last,
                                     std::chrono::milliseconds lived);

}  // namespace sbx::container
