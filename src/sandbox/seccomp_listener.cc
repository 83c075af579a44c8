#include "sandbox/seccomp_listener.h"

#include "sandbox/handshake.h"

namespace sbx::sandbox {

static Result<> pass_on(const Line::Heard& heard, const Observer& observer, pid_t process) {
    if (!observer || heard.fds.size() != 1)
        return Error(Error::Kind::failed, "nobody is there to answer the calls that are held up");
    return observer(process, heard.fds.front());
}

// A hook that runs inside has a filter, and so a listener, of its own.
Result<> expect_program(Line& line, const Observer& observer, pid_t process) {
    for (;;) {
        const std::optional<Line::Heard> heard = TRY(line.hear_or_end());
        if (!heard) return {};
        if (heard->verb != Verb::listening)
            return Error(Error::Kind::failed, "expected the end, got '{}'",
                         static_cast<char>(heard->verb));
        TRY(pass_on(*heard, observer, process), "seccomp listener");
        TRY(line.say(Verb::go));
    }
}

Result<> hand_over_listener(Line& line, const os::Fd& listener) {
    TRY(line.say(Verb::listening, {os::FdView(listener)}));
    TRY(line.expect(Verb::go), "waiting for whoever answers the calls that are held up");
    return {};
}

}  // namespace sbx::sandbox
