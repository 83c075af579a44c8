// Connections of TCP that are held up until they have said whom they are for.
//
// What a container sends is kept back until its beginning is there without a gap; then all of it
// goes on, or none. Kept is only what the other side will take, by its own words about where the
// connection stands: so it sees the very bytes that were judged. The container is told that they
// have come, as it may send no more before.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "network/spoken.h"
#include "network/transport.h"

namespace sbx::network {

class EgressFlows {
public:
    // Whether a connection may go on that has spoken so.
    using Judge = std::function<bool(const TcpSegment& segment, const Spoken& spoken)>;

    enum class Step : std::uint8_t {
        goes_on,  // so do the frames in `held`, before it
        held,     // all up to `number` is kept
        of_no_use,
        refused,  // `number` is where the receiver's side of it stands
        unknown,  // it is no connection that has begun here
    };
    struct Outcome {
        Step step = Step::goes_on;
        std::vector<std::string> held = {};
        std::uint32_t number = 0;
    };

    // A connection is asked for that may begin, as far as its address tells.
    void begin(const TcpSegment& segment);

    // What the other side says.
    void answer(const TcpSegment& segment);

    // A later segment of the container's, in `frame`.
    Outcome take(const TcpSegment& segment, std::string_view frame, const Judge& judge);

private:
    struct Flow {
        std::uint32_t first = 0;                     // number of the container's first byte
        std::uint32_t next = 0;                      // of the one that is to come
        std::optional<std::uint32_t> answered = {};  // up to where the other side has spoken
        bool judged = false;
        std::string words = {};
        std::vector<std::string> held = {};
        std::list<Course>::iterator age = {};
    };
    using Flows = std::map<Course, Flow>;

    static bool will_be_taken(const Flow& flow, const TcpSegment& segment, std::string_view frame);
    Outcome listen(Flows::iterator flow, const TcpSegment& segment, std::string_view frame,
                   const Judge& judge);
    void forget(Flows::iterator flow);

    Flows flows_ = {};
    std::list<Course> ages_ = {};  // the one that was used last is the last one
};

// By TLS or by HTTP, whichever it is.
Spoken name_in_first_words(std::string_view bytes);

}  // namespace sbx::network
