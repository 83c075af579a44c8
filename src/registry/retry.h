// When a request is made again, and after how long.
#pragma once

#include <chrono>
#include <cstdint>

namespace sbx::registry {

constexpr std::chrono::milliseconds kLongestBackoff{30'000};
constexpr std::chrono::seconds kLongestRetryAfter{60};

// Of the answers that are refusals, those that may be another one soon.
constexpr bool is_worth_another_try(int status) {
    return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

// How long to wait before try number `attempt` (from 1): `base`, doubled each time, and up to a
// quarter more as `jitter` (of 0 to 1023) says, so that clients that failed together do not come
// back together. At least what the server asked for with Retry-After, within reason.
std::chrono::milliseconds backoff(int attempt, std::chrono::milliseconds base, std::uint32_t jitter,
                                  std::chrono::seconds retry_after = {});

}  // namespace sbx::registry
