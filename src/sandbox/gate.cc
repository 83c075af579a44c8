#include "sandbox/gate.h"

#include "os/socket.h"

namespace sbx::sandbox {

Result<os::Fd> open_gate(os::FdView folder, const std::string& name) {
    return os::listen_at(folder, name);
}

Result<> start_at(os::FdView folder, const std::string& name, const Starter& starter) {
    os::Fd socket = TRY(os::connect_at(folder, name), "nothing waits to be started");
    Line line(std::move(socket));
    TRY(line.say(Verb::start), "starting the container");
    TRY(line.expect(Verb::starting), "starting the container");
    return expect_program(line, starter.observer, starter.process);
}

// Who connects and goes away, or says anything else, has started nothing.
Result<Line> wait_at(os::FdView gate) {
    for (;;) {
        os::Fd socket = TRY(os::accept_from(gate), "waiting to be started");
        Line line(std::move(socket));
        if (line.expect(Verb::start) && line.say(Verb::starting)) return line;
    }
}

}  // namespace sbx::sandbox
