#include "runtime/console.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "os/file.h"
#include "os/socket.h"

namespace sbx::runtime {

namespace {

struct Place {
    os::Fd folder;
    std::string name;
};

}  // namespace

static Result<Place> place_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == path.npos ? "." : path.substr(0, slash + 1);
    Place place{.folder = os::Fd(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
                .name = slash == path.npos ? path : path.substr(slash + 1)};
    if (!place.folder) return Error::from_errno(errno, "open '{}'", folder);
    return place;
}

// unix(7) has room for 107 bytes: the folder is named by its descriptor.
static Result<os::Fd> connect_to(const std::string& path) {
    const Place place = TRY(place_of(path));
    const std::string short_path =
        fmt::format("/proc/self/fd/{}/{}", place.folder.get(), place.name);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    if (short_path.size() >= sizeof address.sun_path)
        return Error(Error::Kind::usage, "the name of the socket '{}' is too long", path);
    short_path.copy(address.sun_path, short_path.size());
    os::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket) return Error::from_errno(errno, "open a socket");
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return Error::from_errno(errno, "connect to '{}'", path);
    return socket;
}

Result<> send_descriptor(const std::string& path, std::string_view name, os::FdView fd) {
    const os::Fd socket = TRY(connect_to(path));
    TRY(os::send_message(socket, name, {fd}), "'{}'", path);
    return {};
}

Result<> write_pid_file(const std::string& path, pid_t pid) {
    const Place place = TRY(place_of(path));
    const os::Fd folder(::openat(place.folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return Error::from_errno(errno, "open the folder of '{}'", path);
    TRY(os::write_atomic(folder, place.name, fmt::format("{}", pid),
                         {.mode = 0644, .durability = os::Durability::until_reboot}),
        "'{}'", path);
    return {};
}

Result<> check_terminal(const oci::Process& process, const Console& console) {
    if (console.terminal_for_caller) {
        if (console.console_socket.empty()) return {};
        return Error(Error::Kind::usage, "--console-socket is for a program that nobody stays with")
            .hint("--detach leaves it");
    }
    if (process.terminal && console.console_socket.empty())
        return Error(Error::Kind::usage, "the program wants a terminal, and nobody is to get it")
            .hint("--console-socket says who");
    if (!process.terminal && !console.console_socket.empty())
        return Error(Error::Kind::usage,
                     "--console-socket is given, and the program wants no terminal");
    return {};
}

// The pid file last: whoever waits for it finds all else done.
Result<> hand_over(const Console& console, const Handed& handed) {
    if (!console.console_socket.empty())
        TRY(send_descriptor(console.console_socket, "/dev/ptmx", handed.terminal));
    if (!console.pidfd_socket.empty())
        TRY(send_descriptor(console.pidfd_socket, "pidfd", handed.pidfd));
    if (!console.pid_file.empty()) TRY(write_pid_file(console.pid_file, handed.pid));
    return {};
}

}  // namespace sbx::runtime
