// How every fallible function in sbx reports failure.
//
// A failure is a value. It is born at the system call (or parser) that failed, gains one line of
// context at each layer that knows something the layer below did not, and is printed exactly once:
// by cli::dispatch(), or App::complain() for one of several names. Who returns one does not log it.
#pragma once

#include <cerrno>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/core.h>

namespace sbx {

class Error {
public:
    // What a caller may want to do about it. Chosen for the exit status and for retry decisions, so
    // there are few; the words are for the person, the kind is for the program.
    enum class Kind : std::uint8_t {
        failed,
        usage,
        not_found,
        exists,
        denied,
        unsupported,
        busy,
        no_such_command,  // what a container was to run does not exist in it: exit status 127
        not_executable,   // it exists and cannot be run: exit status 126
    };

    template <class... Args>
    Error(Kind kind, fmt::format_string<Args...> text, Args&&... args)
        : Error(kind, 0, fmt::format(text, std::forward<Args>(args)...)) {}

    // The failure of a system call: `err` is errno, `text` names the call's objects, not the call.
    template <class... Args>
    static Error from_errno(int err, fmt::format_string<Args...> text, Args&&... args) {
        return from_errno_text(err, fmt::format(text, std::forward<Args>(args)...));
    }

    Error context(std::string_view outer) &&;  // "outer: inner"
    Error hint(std::string_view advice) &&;  // what the person can do; printed on a line of its own
    Error as(Kind kind) &&;  // the same failure, for a caller that sorts it otherwise

    Kind kind() const { return state_->kind; }
    int code() const { return state_->err; }  // errno, or 0 where no system call failed
    bool is(std::errc code) const { return state_->err == static_cast<int>(code); }
    const std::string& text() const { return state_->text; }
    const std::string& hint() const { return state_->hint; }

    // For the trip over a socket, from a container's first process back to the person's terminal.
    std::string pack() const;
    static Error unpack(std::string_view bytes);

private:
    struct State {
        Kind kind;
        int err;
        std::string text;
        std::string hint;
    };

    Error(Kind kind, int err, std::string text);
    static Error from_errno_text(int err, std::string text);

    std::unique_ptr<State> state_;  // one pointer, so that a Result<> costs two words
};

// std::expected with two changes: the compiler objects when one is dropped, and an Error converts.
template <class T = void>
class [[nodiscard]] Result : public std::expected<T, Error> {
    using Base = std::expected<T, Error>;

public:
    using Base::Base;
    Result() = default;
    Result(Error error)
        : Base(std::unexpect, std::move(error)) {}  // NOLINT(google-explicit-constructor)

    bool failed_with(std::errc code) const { return !this->has_value() && this->error().is(code); }
    bool failed_as(Error::Kind kind) const {
        return !this->has_value() && this->error().kind() == kind;
    }
};

}  // namespace sbx

// TRY(expr) is expr's value, or returns its error from the enclosing function.
// TRY(expr, "format", args...) adds that line of context first, formatting it only on failure.
#define TRY(expr, ...)                                                     \
    __extension__({                                                        \
        auto try_result_ = (expr);                                         \
        if (!try_result_) [[unlikely]]                                     \
            return std::move(try_result_)                                  \
                .error() __VA_OPT__(.context(::fmt::format(__VA_ARGS__))); \
        *std::move(try_result_);                                           \
    })
