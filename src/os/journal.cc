#include "os/journal.h"

#include <cstdint>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "os/file.h"

namespace sbx::os {

void append_journal_field(std::string_view name, std::string_view value, std::string& entry) {
    entry.append(name);
    if (value.find('\n') == value.npos) {
        entry.append(1, '=').append(value).append(1, '\n');
        return;
    }
    entry.append(1, '\n');
    for (unsigned shift = 0; shift < 64; shift += 8)  // its length, the lowest byte first
        entry.append(1, static_cast<char>(std::uint64_t{value.size()} >> shift & 0xff));
    entry.append(value).append(1, '\n');
}

static Result<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return Error(Error::Kind::failed, "the path '{}' is too long for a socket", path);
    path.copy(address.sun_path, path.size());
    return address;
}

Result<JournalSocket> JournalSocket::open(std::string path) {
    (void)TRY(address_of(path));
    constexpr int kWantedBuffer = 8 << 20;  // as others who write to it; less is enough
    Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket) return Error::from_errno(errno, "open a socket for the journal");
    (void)::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &kWantedBuffer, sizeof kWantedBuffer);
    constexpr timeval kSecond{.tv_sec = 1, .tv_usec = 0};
    if (::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &kSecond, sizeof kSecond) != 0)
        return Error::from_errno(errno, "limit how long the journal is waited for");
    return JournalSocket(std::move(socket), std::move(path));
}

// By the path each time: a journal that was started anew listens on another socket there.
static Result<> send_to(FdView socket, const std::string& path, msghdr message, int flags) {
    sockaddr_un address = TRY(address_of(path));
    message.msg_name = &address;
    message.msg_namelen = sizeof address;
    while (::sendmsg(socket.get(), &message, flags | MSG_NOSIGNAL) < 0)
        if (errno != EINTR) return Error::from_errno(errno, "write to the journal at '{}'", path);
    return {};
}

// Nobody can change it any more: the journal takes nothing else.
static Result<Fd> sealed_file(std::string_view bytes) {
    Fd file(::memfd_create("sbx-journal", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file) return Error::from_errno(errno, "make a file in memory");
    TRY(write_all(file, bytes));
    constexpr int kAll = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    if (::fcntl(file.get(), F_ADD_SEALS, kAll) != 0)
        return Error::from_errno(errno, "seal a file in memory");
    return file;
}

Result<> JournalSocket::send_as_file(std::string_view entry, int flags) const {
    const Fd file = TRY(sealed_file(entry));
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        cmsghdr align;
    } control{};
    msghdr message{};
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int fd = file.get();
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return send_to(socket_, path_, message, flags);
}

Result<> JournalSocket::send(std::string_view entry, Patience patience) const {
    const int flags = patience == Patience::none ? MSG_DONTWAIT : 0;
    iovec part{.iov_base = const_cast<char*>(entry.data()), .iov_len = entry.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    Result<> sent = send_to(socket_, path_, message, flags);
    const bool too_large =
        sent.failed_with(std::errc::message_size) || sent.failed_with(std::errc::no_buffer_space);
    return too_large ? send_as_file(entry, flags) : std::move(sent);
}

}  // namespace sbx::os
