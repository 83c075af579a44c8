#include "os/socket.h"

#include <array>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "os/file.h"

namespace sbx::os {

Result<SocketPair> open_socket_pair() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return Error::from_errno(errno, "open a socket pair");
    return SocketPair{.one = Fd(ends[0]), .other = Fd(ends[1])};
}

// Through a descriptor: a whole path may be longer than the 107 bytes of unix(7).
static sockaddr_un address_of(FdView folder, const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = fmt::format("/proc/self/fd/{}/{}", folder.get(), name);
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

Result<Fd> listen_at(FdView folder, const std::string& name) {
    TRY(remove_at(folder, name));
    Fd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const sockaddr_un address = address_of(folder, name);
    if (!socket ||
        ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket.get(), 4) != 0)
        return Error::from_errno(errno, "open the socket '{}'", name);
    return socket;
}

Result<Fd> connect_at(FdView folder, const std::string& name) {
    Fd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    const sockaddr_un address = address_of(folder, name);
    if (!socket ||
        ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return Error::from_errno(errno, "connect to the socket '{}'", name);
    return socket;
}

// Whoever connected may be gone again by the time it is accepted: hence the socket that does not
// block.
Result<Fd> accept_from(FdView listener) {
    for (;;) {
        pollfd next{.fd = listener.get(), .events = POLLIN, .revents = 0};
        if (::poll(&next, 1, -1) < 0 && errno != EINTR)
            return Error::from_errno(errno, "wait for a connection");
        Fd socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (socket) return socket;
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
            return Error::from_errno(errno, "accept a connection");
    }
}

namespace {

// Room for the descriptors of one message, aligned as cmsg(3) wants it.
union Control {
    char bytes[CMSG_SPACE(sizeof(int) * kMostFds)];
    cmsghdr align;
};

}  // namespace

Result<> send_message(FdView socket, std::string_view bytes, const std::vector<FdView>& fds) {
    if (bytes.empty()) return Error(Error::Kind::failed, "an empty message looks like the end");
    if (bytes.size() > kLargestMessage || fds.size() > kMostFds)
        return Error(Error::Kind::failed, "a message of {} bytes and {} descriptors is too large",
                     bytes.size(), fds.size());
    iovec part{.iov_base = const_cast<char*>(bytes.data()), .iov_len = bytes.size()};
    Control control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (!fds.empty()) {
        const std::size_t size = fds.size() * sizeof(int);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(size);
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(size);
        for (std::size_t i = 0; i < fds.size(); ++i) {
            const int fd = fds[i].get();
            std::memcpy(CMSG_DATA(header) + i * sizeof fd, &fd, sizeof fd);
        }
    }
    while (::sendmsg(socket.get(), &message, MSG_NOSIGNAL) < 0)
        if (errno != EINTR) return Error::from_errno(errno, "send a message");
    return {};
}

static std::vector<Fd> take_fds(msghdr& message) {
    std::vector<Fd> fds;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
            fds.emplace_back(fd);
        }
    }
    return fds;
}

static ssize_t receive(FdView socket, msghdr& message) {
    ssize_t size = 0;
    do
        size = ::recvmsg(socket.get(), &message, MSG_CMSG_CLOEXEC);
    while (size < 0 && errno == EINTR);
    return size;
}

bool wait_for_close(FdView socket) {
    constexpr int kPatience = 1000;                           // milliseconds
    if (::shutdown(socket.get(), SHUT_WR) != 0) return true;  // it is closed
    pollfd closed{.fd = socket.get(), .events = POLLIN, .revents = 0};
    return ::poll(&closed, 1, kPatience) > 0;
}

Result<std::optional<Message>> receive_message(FdView socket) {
    std::array<char, kLargestMessage> buffer;
    iovec part{.iov_base = buffer.data(), .iov_len = buffer.size()};
    Control control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    ssize_t size = receive(socket, message);
    // It closed with something unread; what it said before is still there.
    if (size < 0 && errno == ECONNRESET) size = receive(socket, message);
    if (size < 0 && errno == ECONNRESET) return std::optional<Message>();
    if (size < 0) return Error::from_errno(errno, "receive a message");
    std::vector<Fd> fds = take_fds(message);  // before anything else, or they would stay open
    if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
        return Error(Error::Kind::failed, "a message came that is too large");
    if (size == 0) return std::optional<Message>();
    return std::optional(
        Message{.bytes = std::string(buffer.data(), static_cast<std::size_t>(size)),
                .fds = std::move(fds)});
}

}  // namespace sbx::os
