#include "registry/retry.h"

#include <algorithm>

namespace sbx::registry {

std::chrono::milliseconds backoff(int attempt, std::chrono::milliseconds base, std::uint32_t jitter,
                                  std::chrono::seconds retry_after) {
    const auto doubled = base * (1 << std::clamp(attempt - 1, 0, 16));
    const auto plain = std::min(doubled, kLongestBackoff);
    const auto asked = std::clamp(retry_after, std::chrono::seconds(0), kLongestRetryAfter);
    return std::max<std::chrono::milliseconds>(plain + plain * jitter / 4096, asked);
}

}  // namespace sbx::registry
