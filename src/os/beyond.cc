#include "os/beyond.h"

#include <unistd.h>

#include "base/text.h"
#include "os/socket.h"

namespace sbx::os {

static constexpr char kBorn = 'b';
static constexpr char kFailed = 'f';

static Result<> bear(const Beyond& beyond, FdView line) {
    TRY(beyond.enter(line));
    const Spawn where{.namespaces = beyond.namespaces, .parent = Spawn::Parent::callers_own};
    Process child = TRY(spawn(where, beyond.child));
    TRY(send_message(line, fmt::format("{}{}", kBorn, child.pid()), {child.pidfd()}));
    (void)std::move(child).disown();
    return {};
}

[[noreturn]] static void go_between(const Beyond& beyond, FdView line) {
    const Result<> born = bear(beyond, line);
    if (!born) (void)send_message(line, kFailed + born.error().pack());
    ::_exit(born ? 0 : 1);
}

Result<Process> spawn_beyond(const Beyond& beyond) {
    SocketPair ends = TRY(open_socket_pair());
    Process between = TRY(spawn(Spawn{.cgroup = beyond.cgroup}, [&] {
        ends.one.reset();
        go_between(beyond, ends.other);
    }));
    ends.other.reset();
    std::optional<Message> message = TRY(receive_message(ends.one));
    if (!message) return Error(Error::Kind::failed, "the process between ended early");
    const std::string_view words = std::string_view(message->bytes).substr(1);
    if (message->bytes.front() == kFailed) return Error::unpack(words);
    const std::int64_t pid = TRY(parse_number(words, 1, INT32_MAX));
    if (message->fds.size() != 1)
        return Error(Error::Kind::failed, "the process between is out of step");
    Process child(static_cast<pid_t>(pid), std::move(message->fds.front()));
    TRY(between.wait());
    return child;
}

}  // namespace sbx::os
