// The process that a container's network is served by.
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

#include "base/error.h"
#include "network/egress_rules.h"
#include "network/settings.h"
#include "os/fd.h"

namespace sbx::network {

// With the value, or with the process that has it, comes its end: it is nobody's child, and stays
// for a moment where something is under way that the container sent last.
class Stack {
public:
    Stack(Stack&&) noexcept = default;
    Stack& operator=(Stack&&) = delete;
    ~Stack() = default;

    struct Wish {
        Settings settings = {};
        std::optional<EgressRules> egress = {};  // nothing: it may reach the world
        os::Fd log = {};                         // where each refusal by these is noted
    };
    // The host's name servers are those of now. What this process has in its memory by now its
    // child has, too: no secret may be among it.
    static Result<Stack> start(Wish wish);

    // What make_tap() gives, and the namespace that it is in: that stays as long as the stack.
    Result<> serve(const os::Fd& tap, const os::Fd& network);

    // Until it reads packets, or says why it cannot.
    Result<> await();

    // Its end begins. What was refused by the rules, "3 refused: example.org:443 (2), ..."; empty
    // where nothing was.
    std::string finish();

    pid_t pid() const { return pid_; }

private:
    Stack(pid_t pid, os::Fd line, bool sums_up)
        : pid_(pid), line_(std::move(line)), sums_up_(sums_up) {}

    pid_t pid_;
    os::Fd line_;
    bool sums_up_;
};

}  // namespace sbx::network
