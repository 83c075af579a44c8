#include "network/other_names.h"

#include <algorithm>

#include "os/pipe.h"
#include "os/socket.h"

namespace sbx::network {

using Clock = OtherNames::Clock;

// A network that is stopped, or busy, is not waited for longer: whoever asks goes on, too.
static constexpr std::chrono::milliseconds kPatience(1000);

Result<> OtherNames::add(unsigned port, const std::string& network, os::Fd line) {
    TRY(os::do_not_wait(line));
    for (Line& one : lines_)
        if (one.port == port && one.network == network) {
            // Whatever it was asked is settled in time.
            one.fd = std::move(line);
            one.asked.clear();
            return {};
        }
    lines_.push_back({.port = port, .network = network, .fd = std::move(line)});
    return {};
}

void OtherNames::remove(unsigned port) {
    std::erase_if(lines_, [&](const Line& line) { return line.port == port; });
    std::erase_if(asked_, [&](const auto& one) { return one.second.port == port; });
}

// --- asking --------------------------------------------------------------------------------------

bool OtherNames::send(Line& line, std::string_view question) {
    constexpr std::size_t kMost = 64;  // on their way at once
    if (line.asked.size() >= kMost || !os::send_message(line.fd, question)) return false;
    line.asked.push_back(last_);
    return true;
}

bool OtherNames::ask(unsigned port, std::string_view question, std::string_view frame,
                     Clock::time_point now) {
    ++last_;
    std::size_t asked = 0;
    bool is_known = false;
    for (Line& line : lines_) {
        if (line.port != port) continue;
        is_known = true;
        if (send(line, question)) ++asked;
    }
    if (asked == 0) return is_known;
    asked_[last_] = {
        .port = port, .frame = std::string(frame), .left = asked, .end = now + kPatience};
    return true;
}

// --- hearing -------------------------------------------------------------------------------------

std::size_t OtherNames::watch(std::vector<pollfd>& entries) const {
    for (const Line& line : lines_)
        entries.push_back({.fd = line.fd.get(), .events = POLLIN, .revents = 0});
    return lines_.size();
}

int OtherNames::patience(Clock::time_point now) const {
    if (asked_.empty()) return -1;
    const Clock::time_point end = asked_.begin()->second.end;  // the oldest one
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - now);
    return std::max(0, static_cast<int>(left.count()));
}

void OtherNames::take(Number number, std::string answer, std::vector<Settled>& settled) {
    const auto found = asked_.find(number);
    if (found == asked_.end()) return;  // it is settled already
    Asked& one = found->second;
    if (answer == kUnknownName && --one.left > 0) return;
    if (answer == kUnknownName) answer.clear();
    settled.push_back(
        {.port = one.port, .frame = std::move(one.frame), .answer = std::move(answer)});
    asked_.erase(found);
}

// Who has left knows no name any more.
void OtherNames::forget(const Line& line, std::vector<Settled>& settled) {
    for (const Number number : line.asked)
        take(number, std::string(kUnknownName), settled);
}

// False where the line has come to its end, be it that more is said there than was asked.
bool OtherNames::hear(Line& line, std::vector<Settled>& settled) {
    constexpr std::size_t kLargest = 512;  // as of answer_to()
    Result<std::optional<os::Message>> heard = os::receive_message(line.fd);
    std::optional<os::Message> message = heard ? *std::move(heard) : std::nullopt;
    if (!message || message->bytes.size() > kLargest || line.asked.empty()) return false;
    const Number number = line.asked.front();
    line.asked.pop_front();
    take(number, std::move(message->bytes), settled);
    return true;
}

std::vector<OtherNames::Settled> OtherNames::hear(std::span<const pollfd> entries,
                                                  Clock::time_point now) {
    std::vector<Settled> settled;
    for (const pollfd& entry : entries) {
        const auto line =
            std::ranges::find_if(lines_, [&](const Line& one) { return one.fd.get() == entry.fd; });
        if (entry.revents == 0 || line == lines_.end() || hear(*line, settled)) continue;
        forget(*line, settled);
        lines_.erase(line);
    }
    while (!asked_.empty() && asked_.begin()->second.end <= now) {
        asked_.begin()->second.left = 1;
        take(asked_.begin()->first, std::string(kUnknownName), settled);
    }
    return settled;
}

}  // namespace sbx::network
