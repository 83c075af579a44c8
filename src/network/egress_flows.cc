#include "network/egress_flows.h"

#include <utility>

#include "network/client_hello.h"
#include "network/http_head.h"

namespace sbx::network {

using Step = EgressFlows::Step;
using What = Spoken::What;

Spoken name_in_first_words(std::string_view bytes) {
    Spoken spoken = name_in_client_hello(bytes);
    return spoken.what == What::other ? name_in_http_head(bytes) : spoken;
}

void EgressFlows::forget(Flows::iterator flow) {
    ages_.erase(flow->second.age);
    flows_.erase(flow);
}

void EgressFlows::begin(const TcpSegment& segment) {
    constexpr std::size_t kMost = 8192;
    if (const auto old = flows_.find(segment.course); old != flows_.end()) forget(old);
    if (flows_.size() >= kMost) forget(flows_.find(ages_.front()));
    ages_.push_back(segment.course);
    flows_[segment.course] = {.next = segment.next(), .age = std::prev(ages_.end())};
}

EgressFlows::Outcome EgressFlows::take(const TcpSegment& segment, std::string_view frame,
                                       const Judge& judge) {
    const auto flow = flows_.find(segment.course);
    if (flow == flows_.end()) return {.step = Step::unknown};
    ages_.splice(ages_.end(), ages_, flow->second.age);
    if (segment.breaks_off) {
        forget(flow);
        return {};
    }
    if (flow->second.judged) return {};
    if (segment.bytes.empty() && flow->second.held.empty()) return {};
    if (segment.bytes.empty() && !segment.ends) return {.step = Step::waits};
    return listen(flow, segment, frame, judge);
}

EgressFlows::Outcome EgressFlows::listen(Flows::iterator flow, const TcpSegment& segment,
                                         std::string_view frame, const Judge& judge) {
    constexpr std::size_t kMostWords = std::size_t{32} << 10;
    constexpr std::size_t kMostFrames = 256;
    Flow& state = flow->second;
    const auto first = state.next - static_cast<std::uint32_t>(state.words.size());
    if (segment.number != state.next) return {.step = Step::waits};
    state.words += segment.bytes;
    state.next += static_cast<std::uint32_t>(segment.bytes.size());
    state.held.emplace_back(frame);
    const bool has_ended =
        segment.ends || state.words.size() > kMostWords || state.held.size() > kMostFrames;
    Spoken spoken = name_in_first_words(state.words);
    if (spoken.what == What::cut_short && !has_ended) return {.step = Step::waits};
    if (spoken.what == What::cut_short) spoken.what = What::nameless;
    if (!judge(segment, spoken)) {
        forget(flow);
        return {.step = Step::refused, .number = first};
    }
    state.judged = true;
    state.words = {};
    Outcome outcome{.held = std::exchange(state.held, {})};
    outcome.held.pop_back();  // the frame itself goes on as any other
    return outcome;
}

}  // namespace sbx::network
