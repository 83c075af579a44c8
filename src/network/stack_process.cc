#include "network/stack_process.h"

#include <algorithm>
#include <cstring>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "os/file.h"
#include "os/rlimits.h"

namespace sbx::network {

std::string host_resolv() {
    constexpr std::size_t kLargest = std::size_t{1} << 20;
    const os::Fd file(::open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    return file ? os::read_regular(file, "/etc/resolv.conf", kLargest).value_or("") : "";
}

void forget_environment() {
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
        ::explicit_bzero(*entry, std::strlen(*entry));
}

Result<> limit_stack() {
    constexpr rlim_t kMostSockets = 10'000;  // more than Quota lets there be
#if !defined(SBX_SANITIZED)                  // which maps all memory there is
    constexpr rlimit kMostMemory{.rlim_cur = rlim_t{2} << 30, .rlim_max = rlim_t{2} << 30};
    TRY(os::set_limit(RLIMIT_DATA, kMostMemory));
#endif
    const rlim_t most = std::min(TRY(os::limit_of(RLIMIT_NOFILE)).rlim_max, kMostSockets);
    return os::set_limit(RLIMIT_NOFILE, {.rlim_cur = most, .rlim_max = most});
}

}  // namespace sbx::network
