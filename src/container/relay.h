// What goes between the person's terminal and a container's: keys, output, size, the wish to leave.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "os/poll.h"
#include "os/terminal.h"

namespace sbx::container {

// "ctrl-p,ctrl-q": the keys that leave a container running. Empty: there are none.
Result<std::string> parse_detach_keys(std::string_view text);

// Finds the sequence in what is typed, wherever the reads happen to cut it.
class DetachKeys {
public:
    explicit DetachKeys(std::string keys) : keys_(std::move(keys)) {}

    struct Passed {
        std::string bytes;      // for the container
        bool detached = false;  // the sequence is complete
    };
    Passed pass(std::string_view typed);

private:
    std::string keys_;
    std::size_t matched_ = 0;
};

// The person's terminal joined to the master side of a pty, while this value lives. Input is read
// from descriptor 0, output written to descriptor 1; the terminal is restored in every case that a
// process can still act in.
class Relay {
public:
    enum class Input : std::uint8_t { none, forwarded };

    static Result<Relay> open(os::Fd master, Input input, std::string detach_keys);

    void join(os::Poll& poll);  // begins; `this` stays where it is from here on
    void leave(os::Poll& poll);

    void follow_size() const;  // after SIGWINCH
    void suspend() const;      // while sbx itself is stopped
    void resume() const;
    bool detached() const { return detached_; }
    void drain();  // what the container wrote before it ended

private:
    Relay(os::Fd master, Input input, std::string keys)
        : master_(std::move(master)), input_(input), keys_(std::move(keys)) {}

    Result<> on_typed(os::Poll& poll);
    Result<> on_output(os::Poll& poll);
    Result<> pass_on(os::Poll& poll, std::string_view bytes);

    os::Fd master_;
    Input input_;
    DetachKeys keys_;
    std::optional<os::RawTerminal> raw_ = {};
    std::string pending_ = {};  // typed, and not yet taken by the container
    bool detached_ = false;
    bool output_ended_ = false;
};

}  // namespace sbx::container
