// A journal for tests: a socket that takes entries as systemd-journald does.
#pragma once

#include <cstring>
#include <string>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/fd.h"

namespace sbx::test {

class Journal {
public:
    explicit Journal(std::string path) : path_(std::move(path)) { start(); }

    const std::string& path() const { return path_; }

    void start() {
        ::unlink(path_.c_str());
        socket_ = os::Fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        EXPECT_LT(path_.size(), sizeof address.sun_path);
        path_.copy(address.sun_path, sizeof address.sun_path - 1);
        EXPECT_EQ(
            ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    }
    void stop() { socket_.reset(); }

    // The next entry, also one that comes as a file; "<none>" where none is there.
    std::string next() const {
        pollfd more{.fd = socket_.get(), .events = POLLIN, .revents = 0};
        if (::poll(&more, 1, 0) != 1) return "<none>";
        std::string bytes(std::size_t{1} << 20, '\0');
        iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        const ssize_t size = ::recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
        bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        return header ? in_file(header) : bytes;
    }

private:
    // The journal takes a file only where nobody can change it.
    static std::string in_file(cmsghdr* header) {
        int number = -1;
        std::memcpy(&number, CMSG_DATA(header), sizeof number);
        const os::Fd file(number);
        constexpr int kAll = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
        EXPECT_EQ(::fcntl(file.get(), F_GET_SEALS), kAll);
        std::string bytes(static_cast<std::size_t>(::lseek(file.get(), 0, SEEK_END)), '\0');
        EXPECT_EQ(::pread(file.get(), bytes.data(), bytes.size(), 0),
                  static_cast<ssize_t>(bytes.size()));
        return bytes;
    }

    std::string path_;
    os::Fd socket_ = {};
};

// The text in an entry that has no line break in any field.
inline std::string field_of(const std::string& entry, const std::string& name) {
    const std::string begin = '\n' + name + '=';
    const std::string lines = '\n' + entry;
    const std::size_t at = lines.find(begin);
    if (at == lines.npos) return "<none>";
    const std::size_t value = at + begin.size();
    return lines.substr(value, lines.find('\n', value) - value);
}

}  // namespace sbx::test
