#include "sandbox/seccomp_listener.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "base/text.h"
#include "oci/spec.h"
#include "os/socket.h"

namespace sbx::sandbox {

static Result<os::Fd> connect_to(const std::string& path) {
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    if (path.size() >= sizeof address.sun_path)
        return Error(Error::Kind::usage, "the listenerPath '{}' is longer than a socket's name",
                     excerpt(path));
    path.copy(address.sun_path, path.size());
    os::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket) return Error::from_errno(errno, "open a socket");
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return Error::from_errno(errno, "connect to '{}'", path);
    return socket;
}

static Json state_of_process(const Observer& observer, pid_t pid) {
    Json process = Json::object();
    process.set("ociVersion", oci::kRuntimeSpecVersion)
        .set("fds", Json::array().push("seccompFd"))
        .set("pid", std::int64_t{pid});
    if (!observer.metadata.empty()) process.set("metadata", observer.metadata);
    process.set("state", observer.state);
    return process;
}

Result<> send_listener(const Observer& observer, pid_t pid, os::FdView listener) {
    const os::Fd socket = TRY(connect_to(observer.path));
    return os::send_message(socket, state_of_process(observer, pid).dump(), {listener});
}

static Result<> pass_on(const Line::Heard& heard, const Observer* observer, pid_t pid) {
    if (!observer || heard.fds.size() != 1)
        return Error(Error::Kind::failed, "nobody is there to answer the calls that are held up");
    return send_listener(*observer, pid, heard.fds.front());
}

Result<> expect_program(Line& line, const Observer* observer, pid_t pid) {
    const std::optional<Line::Heard> heard = TRY(line.hear_or_end());
    if (!heard) return {};
    if (heard->verb != Verb::listening)
        return Error(Error::Kind::failed, "expected the end, got '{}'",
                     static_cast<char>(heard->verb));
    TRY(pass_on(*heard, observer, pid), "seccomp listener");
    TRY(line.say(Verb::go));
    return line.expect_closed();
}

}  // namespace sbx::sandbox
