// What the other networks of a member know of a name that this one does not: each network has a
// process of its own, and is asked over a line to it.
//
//      this network                          another one that the member is on
//        | ------- a question of DNS --------> |
//        | <-------- its answer, or "-" ------ |  in the order of the questions
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poll.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::network {

class OtherNames {
public:
    using Clock = std::chrono::steady_clock;

    // How a question of the member at `port`, which came in `frame`, has ended: with the message
    // that answers it, or with none where nobody knows the name or says so in time.
    struct Settled {
        unsigned port = 0;
        std::string frame = {};
        std::string answer = {};
    };

    // The line to the network with that id, in the place of one that is there already.
    Result<> add(unsigned port, const std::string& network, os::Fd line);
    void remove(unsigned port);

    // Asks all networks of the member; false where there is none. A question for which no line has
    // room is dropped: whoever has it asks again.
    bool ask(unsigned port, std::string_view question, std::string_view frame,
             Clock::time_point now);

    // What it waits for, and for how long at most: milliseconds, -1 for any time. The same entries,
    // seen by poll(2), come back.
    std::size_t watch(std::vector<pollfd>& entries) const;
    int patience(Clock::time_point now) const;
    std::vector<Settled> hear(std::span<const pollfd> entries, Clock::time_point now);

private:
    using Number = std::uint64_t;
    struct Line {
        unsigned port = 0;
        std::string network = {};
        os::Fd fd = {};
        std::deque<Number> asked = {};  // in order, also what is settled without it
    };
    struct Asked {
        unsigned port = 0;
        std::string frame = {};
        std::size_t left = 0;  // that have not said anything yet
        Clock::time_point end = {};
    };

    bool send(Line& line, std::string_view question);
    bool hear(Line& line, std::vector<Settled>& settled);
    void take(Number number, std::string answer, std::vector<Settled>& settled);
    void forget(const Line& line, std::vector<Settled>& settled);

    std::vector<Line> lines_ = {};
    std::map<Number, Asked> asked_ = {};
    Number last_ = 0;
};

// What is said over such a line where a name is not known.
constexpr std::string_view kUnknownName = "-";

}  // namespace sbx::network
