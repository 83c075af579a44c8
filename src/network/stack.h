// The process that a container's network is served by.
#pragma once

#include "base/error.h"
#include "network/settings.h"
#include "os/fd.h"
#include "os/process.h"

namespace sbx::network {

// Its end is that of the value, or of the process that has it, however that ends. Nobody waits for
// it: the kernel takes its time (20 ms) to take a device down.
class Stack {
public:
    Stack(Stack&&) noexcept = default;
    ~Stack();

    // The host's name servers are those of now. What this process has in its memory by now its
    // child has, too: no secret may be among it.
    static Result<Stack> start(const Settings& settings);

    Result<> serve(const os::Fd& tap);  // of make_tap()

    // Until it reads packets, or says why it cannot.
    Result<> await();

    void stop();  // it ends soon
    void wait();  // until it has

    pid_t pid() const { return process_.pid(); }

private:
    Stack(os::Process process, os::Fd line)
        : process_(std::move(process)), line_(std::move(line)) {}

    os::Process process_;
    os::Fd line_;
};

}  // namespace sbx::network
