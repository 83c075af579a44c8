// Where a blob goes as it arrives.
#pragma once

#include <string_view>

#include "base/error.h"

namespace sbx::registry {

// add() and restart() run inside the transfer: they may call nothing of the Client. end() may start
// further downloads, but not end the Client's life.
class Sink {
public:
    virtual ~Sink() = default;

    virtual Result<> add(std::string_view bytes) = 0;  // in order, each byte once
    virtual Result<> restart() = 0;          // the server could not resume: begin again at 0
    virtual void end(Result<> outcome) = 0;  // exactly once, unless the Client goes or cancels
};

}  // namespace sbx::registry
