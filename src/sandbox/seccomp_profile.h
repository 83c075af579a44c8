// The system calls a container may make: docker's policy, tightened.
//
// What differs from docker's profile, and why:
//   - `int` arguments are compared by the 32 bits that the kernel takes from them;
//   - socket() only for the families that programs use: the rest is where kernels break;
//   - TIOCSTI, TIOCLINUX and TIOCSETD are refused: they act on the terminal of whoever looks on;
//   - what a program probes for and does without (clone3, io_uring, the new mount calls, calls
//     newer than this table) is answered ENOSYS, so that it does without;
//     the rest EPERM;
//   - one architecture: the machine's own, without x32.
#pragma once

#include "os/caps.h"
#include "os/seccomp.h"

namespace sbx::sandbox {

// The filter for a container that has `capabilities`: what a capability is for becomes possible
// with it. A microsecond's work a rule, so it is made anew for each container.
os::Filter default_filter(os::CapabilitySet capabilities);

}  // namespace sbx::sandbox
