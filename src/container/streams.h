// Both sides of what a program under a monitor reads and writes.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::container {

enum class HasInput : std::uint8_t { no, yes };

// The monitor's ends.
struct Streams {
    bool terminal = false;  // input and output are its outer side, and errors are in the output
    os::Fd input = {};      // none: the program's input is at its end from the start
    os::Fd output = {};
    os::Fd errors = {};

    // Of the terminal whose outer side is `master`.
    static Result<Streams> of_terminal(os::Fd master);

    // The program reads and writes what this process does; without input it reads nothing.
    static Result<Streams> of_caller(HasInput input);

    // Makes pipes, and has this process's own descriptors 0 to 2 be the program's ends, for it to
    // inherit. forget_program_ends() has to follow once it runs: else their end is never seen.
    static Result<Streams> of_pipes(HasInput input);
};

// Descriptors 0 to 2 of this process are /dev/null from here on.
Result<> forget_program_ends();

}  // namespace sbx::container
