// A person's terminal joined to that of a program which this process itself waits for.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "container/keyboard.h"
#include "os/fd.h"
#include "os/poll.h"

namespace sbx::container {

// Keys go from descriptor 0 to the master side of a pty, output comes to descriptor 1, and the size
// of the one is that of the other, while this value lives.
class Relay {
public:
    enum class Input : std::uint8_t { none, forwarded };

    static Result<Relay> open(os::Fd master, Input input, std::string detach_keys);

    void join(os::Poll& poll);  // begins; `this` stays where it is from here on
    void leave(os::Poll& poll) const;

    void follow_size() const;  // after SIGWINCH
    void suspend() const;      // while sbx itself is stopped
    void resume() const;
    bool detached() const { return keyboard_ && keyboard_->detached(); }
    void drain();  // what the container wrote before it ended

private:
    explicit Relay(os::Fd master) : master_(std::move(master)) {}

    Result<> on_output(os::Poll& poll);

    os::Fd master_;
    std::optional<Keyboard> keyboard_ = {};
    bool output_ended_ = false;
};

}  // namespace sbx::container
