#include "network/tap_within.h"

#include <functional>

#include <sched.h>
#include <unistd.h>

#include "network/confinement.h"
#include "network/tap.h"
#include "os/namespaces.h"
#include "os/process.h"
#include "os/socket.h"

namespace sbx::network {

// What is done there answers with a message.
using Deed = std::function<Result<>(os::FdView line)>;

// Nothing of this process's is open there, and nobody may look at it.
static Result<> enter_and(const Deed& deed, os::FdView pidfd, std::uint64_t namespaces,
                          os::FdView line) {
    TRY(leave_all_but({pidfd, line}));
    TRY(os::join_namespaces(pidfd, namespaces & std::uint64_t{CLONE_NEWUSER | CLONE_NEWNET}));
    return deed(line);
}

static Result<os::Message> within(os::FdView pidfd, std::uint64_t namespaces, const Deed& deed) {
    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process doer = TRY(os::spawn(0, [&] {
        const Result<> done = enter_and(deed, pidfd, namespaces, ends.other);
        if (!done) (void)os::send_message(ends.other, done.error().pack());  // who asks is told
        ::_exit(done ? 0 : 1);
    }));
    ends.other.reset();
    std::optional<os::Message> answer = TRY(os::receive_message(ends.one));
    const os::ExitStatus end = TRY(doer.wait());
    if (!answer) return Error(Error::Kind::failed, "it was cut short");
    if (end.code != 0) return Error::unpack(answer->bytes);
    return *std::move(answer);
}

static Result<> make(const os::NetDeviceSetup& setup, os::FdView line) {
    const os::Fd tap = TRY(make_tap(setup));
    return os::send_message(line, "device", {tap});
}

Result<os::Fd> make_tap_within(os::FdView pidfd, std::uint64_t namespaces,
                               const os::NetDeviceSetup& setup) {
    const Deed deed = [&](os::FdView line) { return make(setup, line); };
    os::Message answer = TRY(within(pidfd, namespaces, deed), "device '{}'", setup.name);
    if (answer.fds.size() == 1) return std::move(answer.fds.front());
    return Error(Error::Kind::failed, "device '{}': it did not come", setup.name);
}

static Result<> lead_out(const os::NetDeviceSetup& setup, os::FdView line) {
    TRY(os::set_default_routes(setup));
    return os::send_message(line, "done");
}

Result<> lead_out_within(os::FdView pidfd, std::uint64_t namespaces,
                         const os::NetDeviceSetup& setup) {
    const Deed deed = [&](os::FdView line) { return lead_out(setup, line); };
    (void)TRY(within(pidfd, namespaces, deed));
    return {};
}

}  // namespace sbx::network
