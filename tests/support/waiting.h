// Waiting, in tests, for what another process is about to do.
#pragma once

#include <chrono>
#include <concepts>

#include <poll.h>

namespace sbx::test {

// Whether `holds()` came true, looked at every millisecond for ten seconds.
bool comes_true(const std::predicate auto& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        ::poll(nullptr, 0, 1);
    }
    return true;
}

}  // namespace sbx::test
