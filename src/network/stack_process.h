// What the processes have in common that serve containers with a network stack of sbx's own.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "base/error.h"

namespace sbx::network {

// What libslirp does with its sockets, and its host with devices.
inline constexpr auto kStackCalls = std::to_array<std::uint32_t>({
    SYS_bind,
    SYS_getpeername,
    SYS_ppoll,
    SYS_read,
    SYS_readv,
    SYS_write,
    SYS_writev,
#if defined(SYS_poll)
    SYS_poll,
#endif
});
inline constexpr auto kStackRequests =
    std::to_array<std::uint32_t>({FIONREAD, FIONBIO, SIOCATMARK});

std::string host_resolv();  // the host's resolv.conf(5); empty where it cannot be read

// Names and tokens of the person's are in it.
void forget_environment();

// As many connections as a busy server has, whatever the person's own limit. The stack's memory
// grows with them, and with what a container sends, and is not the container's.
Result<> limit_stack();

}  // namespace sbx::network
