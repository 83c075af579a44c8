// Which addresses are the host's own, asked of the kernel as packets come by.
#pragma once

#include <array>
#include <chrono>
#include <functional>

#include "network/address.h"
#include "os/routes.h"

namespace sbx::network {

class OwnAddresses {
public:
    using Clock = std::chrono::steady_clock;

    // `asked` is os::Routes::ends_here(); what it says is held true for a second.
    using Asked = std::function<Result<bool>(const Address&)>;
    explicit OwnAddresses(Asked asked) : asked_(std::move(asked)) {}

    // Also where the kernel does not say: then it may be.
    bool contain(const Address& address, Clock::time_point now = Clock::now());

private:
    struct Answer {
        Address address = {};
        Clock::time_point until = {};
        bool own = true;
    };
    static constexpr std::size_t kAnswers = 256;

    Asked asked_;
    std::array<Answer, kAnswers> answers_ = {};
};

}  // namespace sbx::network
