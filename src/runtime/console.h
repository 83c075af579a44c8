// Telling of a program that was started to whoever waits for that: conmon, containerd.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "oci/process.h"
#include "os/fd.h"

namespace sbx::runtime {

// Who is told of a program that was started, and gets its terminal. Empty: nobody.
struct Console {
    std::string console_socket = {};   // gets the outer side of the program's terminal
    bool terminal_for_caller = false;  // the caller stays with the program and takes it
    std::string pid_file = {};
    std::string pidfd_socket = {};
};

// A terminal goes to somebody, and nobody waits for one that does not come.
Result<> check_terminal(const oci::Process& process, const Console& console);

struct Handed {
    pid_t pid;
    os::FdView pidfd;
    os::FdView terminal;
};
Result<> hand_over(const Console& console, const Handed& handed);

// Sends `fd`, called `name`, to the stream socket at `path`, which may be of any length.
Result<> send_descriptor(const std::string& path, std::string_view name, os::FdView fd);

// Replaces the file at `path` by one with the number: whoever waits for it never reads a part.
Result<> write_pid_file(const std::string& path, pid_t pid);

}  // namespace sbx::runtime
