// What the processes are left with that carry a container's bytes to the world and back.
//
// They share the host's network, and one of them reads what a container sends with a stack written
// in C. Whoever takes one over finds sockets of IPv4 and IPv6 there, as the person's programs have
// them, and what it was given to do its work: no file, no program, no other process.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::network {

// At its very beginning: nothing but `kept` stays open (and /dev/null as 0, 1 and 2), no memory
// dump, a session of its own, no signal from a peer that has left. Nobody may look at it.
Result<> leave_all_but(std::vector<os::FdView> kept);

// What one kind of process does besides.
struct OwnCalls {
    std::span<const std::uint32_t> calls;
    std::span<const std::uint32_t> requests = {};  // of ioctl(2)
    bool ends_with_parent = true;
};

// For good, once it is where it belongs: it ends with its parent, has no capability, opens no file,
// signals nobody, and has no new program in its memory. It makes sockets of the Internet for
// streams and datagrams, and does what `own` says.
Result<> confine(const OwnCalls& own);

}  // namespace sbx::network
