// Standard input of a program that has no terminal of its own, where this process's is one.
//
// The program does not get the terminal itself: it is in another session, where the shell's job
// control does not reach it (SIGTTIN; credentials(7), "Sessions"), and would take keys that are
// typed at the shell while sbx is stopped or in the background. It gets a pipe, which this process
// fills.
#pragma once

#include <optional>

#include "base/error.h"
#include "container/keyboard.h"
#include "os/fd.h"

namespace sbx::container {

class TypedInput {
public:
    // Where descriptor 0 is a terminal: puts a pipe in its place, for the program to inherit.
    static Result<std::optional<TypedInput>> take();

    // Once the program has it: puts the terminal back, and joins it to the pipe.
    Result<Keyboard> join() &&;

private:
    TypedInput(os::Fd terminal, os::Fd pipe)
        : terminal_(std::move(terminal)), pipe_(std::move(pipe)) {}

    os::Fd terminal_;
    os::Fd pipe_;
};

}  // namespace sbx::container
