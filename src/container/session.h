// The side of a person, or of a script, who looks on at a container: from the first byte to the
// exit status.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::container {

struct Attendance {
    bool input = true;    // what comes on descriptor 0 goes to the program
    bool output = true;   // what it writes comes on descriptor 1
    bool errors = true;   // and on descriptor 2
    bool signals = true;  // those that this process gets go to the program
    bool owner = false;   // where nobody can be shown the output any more, the container ends
    std::string detach_keys = {};  // of a terminal: container/keyboard.h
};

struct SessionEnd {
    std::optional<int> exit_code = {};  // nothing: the person left, the container runs on
};

// Joins this process's descriptors 0 to 2 to the container whose monitor is at the other end of
// `monitor` (container/conversation.h), until one of them ends.
Result<SessionEnd> attend(os::Fd monitor, const Attendance& how);

}  // namespace sbx::container
