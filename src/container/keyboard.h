// What a person types, or a file that stands in for them, on its way to a container's program.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

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

// Descriptor 0 of this process joined to the container's side of the program's input, while this
// value lives. For a program with a terminal of its own, one here hands on every key meanwhile, and
// is restored in every case that a process can still act in; for another it stays as it is: its
// lines can be edited, its ^C and ^Z are signals, its ^D is an end.
class Keyboard {
public:
    enum class For : std::uint8_t { terminal, stream };

    // `input` is written to without waiting; `detach_keys` are of parse_detach_keys().
    static Result<Keyboard> open(os::Fd input, For program, std::string detach_keys);

    void join(os::Poll& poll);  // begins; `this` stays where it is from here on
    void leave(os::Poll& poll) const;

    // Called once what is read here has ended, all of it is with the container, and `input` is
    // closed. A terminal that is hung up is no such end.
    void on_end(std::function<void()> action) { on_end_ = std::move(action); }

    void suspend() const;  // while sbx itself is stopped
    void resume() const;
    bool detached() const { return detached_; }

private:
    Keyboard(os::Fd input, std::string keys) : input_(std::move(input)), keys_(std::move(keys)) {}

    Result<> on_typed(os::Poll& poll);
    void pass_on(os::Poll& poll, std::string_view bytes);
    void finish(os::Poll& poll);

    os::Fd input_;
    DetachKeys keys_;
    std::function<void()> on_end_ = {};
    std::optional<os::RawTerminal> raw_ = {};
    std::string pending_ = {};  // typed, and not yet taken by the container
    bool read_to_end_ = false;
    bool detached_ = false;
};

}  // namespace sbx::container
