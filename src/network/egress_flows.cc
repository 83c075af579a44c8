#include "network/egress_flows.h"

#include <utility>

#include "network/client_hello.h"
#include "network/http_head.h"

namespace sbx::network {

using Step = EgressFlows::Step;
using What = Spoken::What;

Spoken name_in_first_words(std::string_view bytes) {
    Spoken tls = name_in_client_hello(bytes);
    if (tls.what == What::other) return name_in_http_head(bytes);
    return tls;
}

void EgressFlows::forget(Flows::iterator flow) {
    ages_.erase(flow->second.age);
    flows_.erase(flow);
}

// Where a connection has been before it is a new one, once the other side says so.
void EgressFlows::begin(const TcpSegment& segment) {
    constexpr std::size_t kMost = 8192;
    const std::uint32_t first = segment.next();
    if (const auto old = flows_.find(segment.course); old != flows_.end()) {
        if (!old->second.judged && old->second.first == first) return;  // it is asked again
        forget(old);
    }
    if (flows_.size() >= kMost) forget(flows_.find(ages_.front()));
    ages_.push_back(segment.course);
    flows_[segment.course] = {.first = first, .next = first, .age = std::prev(ages_.end())};
}

void EgressFlows::answer(const TcpSegment& segment) {
    const auto found = flows_.find(back(segment.course));
    if (found == flows_.end()) return;
    Flow& flow = found->second;
    const bool opens = segment.begins && segment.acknowledges && segment.expected == flow.first;
    const bool goes_on =
        flow.answered && static_cast<std::int32_t>(segment.next() - *flow.answered) > 0;
    if (opens || goes_on) flow.answered = segment.next();
}

EgressFlows::Outcome EgressFlows::take(const TcpSegment& segment, std::string_view frame,
                                       const Judge& judge) {
    const auto found = flows_.find(segment.course);
    if (found == flows_.end()) return {.step = Step::unknown};
    const Flow& flow = found->second;
    ages_.splice(ages_.end(), ages_, flow.age);
    if (segment.breaks_off) {
        forget(found);
        return {};
    }
    if (flow.judged) return {};
    if (segment.bytes.empty() && flow.held.empty()) return {};
    if (segment.bytes.empty() && !segment.ends) return {.step = Step::of_no_use};
    if (!will_be_taken(flow, segment, frame)) return {.step = Step::of_no_use};
    return listen(found, segment, frame, judge);
}

// As RFC 9293, section 3.10, has it, and this stack's: of what is in order, and answers to nothing
// that was not said.
bool EgressFlows::will_be_taken(const Flow& flow, const TcpSegment& segment,
                                std::string_view frame) {
    constexpr std::int32_t kWindow = 1 << 20;
    if (!flow.answered || segment.number != flow.next) return false;
    if (!segment.acknowledges || segment.is_urgent) return false;
    const auto behind = static_cast<std::int32_t>(*flow.answered - segment.expected);
    return behind >= 0 && behind <= kWindow && is_sound(frame);
}

EgressFlows::Outcome EgressFlows::listen(Flows::iterator flow, const TcpSegment& segment,
                                         std::string_view frame, const Judge& judge) {
    constexpr std::size_t kMostWords = std::size_t{32} << 10;
    constexpr std::size_t kMostFrames = 256;
    Flow& state = flow->second;
    state.words += segment.bytes;
    state.next = segment.next();
    state.held.emplace_back(frame);
    const bool has_ended =
        segment.ends || state.words.size() > kMostWords || state.held.size() > kMostFrames;
    Spoken spoken = name_in_first_words(state.words);
    if (spoken.what == What::cut_short && !has_ended)
        return {.step = Step::held, .number = state.next};
    if (spoken.what == What::cut_short) spoken.what = What::nameless;
    if (!judge(segment, spoken)) {
        const std::uint32_t first = state.first;
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
