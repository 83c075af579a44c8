#pragma once

#include <optional>
#include <vector>

#include "os/process.h"
#include "sandbox/handshake.h"
#include "sandbox/plan.h"
#include "sandbox/surroundings.h"

namespace sbx::sandbox {

// A container whose program runs, or that waits at its gate.
struct Running {
    os::Process init;                        // process 1 inside
    os::Fd terminal = {};                    // the outer side of its terminal, where it has one
    std::optional<os::Process> server = {};  // of a FuseRoot; ends by itself after the container
    // Its mount namespace, where the process namespace is another container's: what it leaves
    // behind there is known by that. Whoever has killed this closes it, as its mounts live as long.
    os::Fd mounts = {};
};

// Carries out a Plan in two steps, so that the caller's own work happens while the ids are being
// mapped. A Launch that is not finished leaves nothing behind.
class Launch {
public:
    // `plan`, and what `surroundings` borrows, have to outlive it.
    static Result<Launch> begin(const Plan& plan, const Surroundings& surroundings = {});

    pid_t pid() const { return child_.pid(); }  // in its namespaces, but those of kLateNamespaces

    // On return the program runs or, where there is a gate, waits there to be started: the caller
    // may end, after it has disowned what it got. On failure nothing of it is left.
    // Kind::no_such_command and Kind::not_executable say that all went well but for the program.
    Result<Running> finish() &&;

private:
    struct Begun {
        os::Process child;
        Line line;
        os::Mapping mapping;
    };
    Launch(const Plan& plan, Surroundings surroundings, Begun begun)
        : plan_(&plan),
          surroundings_(std::move(surroundings)),
          child_(std::move(begun.child)),
          line_(std::move(begun.line)),
          mapping_(std::move(begun.mapping)) {}

    Result<os::Process> serve_root(const os::Fd& fuse);
    Result<> serve_network();
    Result<> run_hooks();

    const Plan* plan_;
    Surroundings surroundings_;
    os::Process child_;
    Line line_;
    os::Mapping mapping_;
};

}  // namespace sbx::sandbox
