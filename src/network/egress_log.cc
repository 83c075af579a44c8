#include "network/egress_log.h"

#include <algorithm>
#include <span>
#include <vector>

#include "base/json.h"
#include "os/file.h"

namespace sbx::network {

std::string Refused::what() const {
    std::string text(name);
    if (is_question) return text;
    if (text.empty()) text = address.is_v6() ? fmt::format("[{}]", address.text()) : address.text();
    if (port.number == 0) return text;
    return fmt::format("{}:{}{}", text, port.number, port.protocol == Protocol::udp ? "/udp" : "");
}

static std::string line_of(const Refused& refused, Instant now) {
    Json json = Json::object();
    json.set("time", rfc3339(now)).set("action", "refused");
    if (!refused.name.empty()) json.set("name", std::string(refused.name));
    if (!refused.is_question) json.set("address", refused.address.text());
    if (refused.port.number != 0)
        json.set("port", refused.port.number).set("protocol", name_of(refused.port.protocol));
    return json.set("rule", std::string(refused.rule)).dump() + "\n";
}

bool EgressLog::is_to_be_written(const std::string& what, Instant now) {
    constexpr std::size_t kMostLines = 100;
    constexpr std::chrono::seconds kSecond(1);
    if (!lines_) return false;
    std::erase_if(written_, [&](const auto& one) { return now - one.second >= kSecond; });
    if (written_.size() >= kMostLines) return false;
    return written_.emplace(what, now).second;
}

void EgressLog::note(const Refused& refused, Instant now) {
    constexpr std::size_t kMostKinds = 1000;
    ++count_;
    const std::string what = refused.what();
    if (refused_.contains(what) || refused_.size() < kMostKinds) ++refused_[what];
    if (is_to_be_written(what, now))
        (void)os::write_all(lines_, line_of(refused, now));  // or it is counted alone
}

std::string EgressLog::summary() const {
    constexpr std::size_t kShown = 5;
    if (count_ == 0) return {};
    std::vector<std::pair<std::string, std::size_t>> most;
    most.reserve(refused_.size());
    for (const auto& [what, count] : refused_)
        most.emplace_back(what, count);
    std::ranges::stable_sort(most, std::ranges::greater(),
                             [](const auto& one) { return one.second; });
    std::string text;
    for (const auto& [what, count] : std::span(most).first(std::min(kShown, most.size())))
        text += (text.empty() ? "" : ", ") + what + (count > 1 ? fmt::format(" ({})", count) : "");
    if (most.size() > kShown) text += fmt::format(" and {} more", most.size() - kShown);
    return fmt::format("{} refused: {}", count_, text);
}

}  // namespace sbx::network
