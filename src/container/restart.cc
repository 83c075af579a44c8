#include "container/restart.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::container {

using std::chrono::milliseconds;

Result<RestartPolicy> RestartPolicy::parse(std::string_view text) {
    if (text.empty() || text == "no" || text == "never") return RestartPolicy();
    if (text == "always") return RestartPolicy{.when = When::always};
    if (text == "unless-stopped") return RestartPolicy{.when = When::unless_stopped};
    if (text == "on-failure") return RestartPolicy{.when = When::on_failure};
    const auto sides = halves(text, ':');
    if (!sides || sides->before != "on-failure")
        return Error(Error::Kind::usage, "'{}' is not always, unless-stopped, on-failure[:N] or no",
                     excerpt(text));
    RestartPolicy policy{.when = When::on_failure};
    policy.most = static_cast<int>(TRY(parse_number(sides->after, 0, INT32_MAX)));
    return policy;
}

std::string_view RestartPolicy::name() const {
    switch (when) {
        case When::no: return "no";
        case When::on_failure: return "on-failure";
        case When::unless_stopped: return "unless-stopped";
        case When::always: return "always";
    }
    return "no";
}

std::string RestartPolicy::text() const {
    return most > 0 ? fmt::format("{}:{}", name(), most) : std::string(name());
}

bool RestartPolicy::wants(int exit_code, int restarts) const {
    if (when == When::no) return false;
    if (when != When::on_failure) return true;
    return exit_code != 0 && (most == 0 || restarts < most);
}

milliseconds next_delay(milliseconds last, milliseconds lived) {
    constexpr milliseconds kFirst(100);
    constexpr milliseconds kLongest(60'000);
    constexpr milliseconds kGoodLife(10'000);
    if (last < kFirst || lived >= kGoodLife) return kFirst;
    return std::min(2 * last, kLongest);
}

}  // namespace sbx::container
