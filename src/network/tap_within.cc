#include "network/tap_within.h"

#include <sched.h>
#include <unistd.h>

#include "network/confinement.h"
#include "network/tap.h"
#include "os/namespaces.h"
#include "os/process.h"
#include "os/socket.h"

namespace sbx::network {

// Nothing of this process's is open there, and nobody may look at it.
static Result<> make(os::FdView pidfd, std::uint64_t namespaces, const os::NetDeviceSetup& setup,
                     os::FdView line) {
    TRY(leave_all_but({pidfd, line}));
    TRY(os::join_namespaces(pidfd, namespaces & std::uint64_t{CLONE_NEWUSER | CLONE_NEWNET}));
    const os::Fd tap = TRY(make_tap(setup));
    return os::send_message(line, "device", {tap});
}

Result<os::Fd> make_tap_within(os::FdView pidfd, std::uint64_t namespaces,
                               const os::NetDeviceSetup& setup) {
    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process maker = TRY(os::spawn(0, [&] {
        const Result<> made = make(pidfd, namespaces, setup, ends.other);
        if (!made) (void)os::send_message(ends.other, made.error().pack());  // who asks is told
        ::_exit(made ? 0 : 1);
    }));
    ends.other.reset();
    std::optional<os::Message> answer = TRY(os::receive_message(ends.one));
    (void)TRY(maker.wait());
    if (!answer)
        return Error(Error::Kind::failed, "device '{}': making it was cut short", setup.name);
    if (answer->fds.size() == 1) return std::move(answer->fds.front());
    return Error::unpack(answer->bytes).context(fmt::format("device '{}'", setup.name));
}

}  // namespace sbx::network
