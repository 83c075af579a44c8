#include "os/socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::open_descriptors;
using test::succeeds;

Fd null_device() { return Fd(::open("/dev/null", O_RDWR | O_CLOEXEC)); }

TEST(Message, ArrivesAsItWasSent) {
    const SocketPair pair = open_socket_pair().value();
    const std::string bytes("a\0b", 3);
    ASSERT_TRUE(succeeds(send_message(pair.one, bytes)));
    ASSERT_TRUE(succeeds(send_message(pair.one, "second")));
    EXPECT_EQ((*receive_message(pair.other))->bytes, bytes);
    EXPECT_EQ((*receive_message(pair.other))->bytes, "second");
}

TEST(Message, MayBeAsLargeAsItSays) {
    const SocketPair pair = open_socket_pair().value();
    const std::string most(kLargestMessage, 'x');
    ASSERT_TRUE(succeeds(send_message(pair.one, most)));
    EXPECT_EQ((*receive_message(pair.other))->bytes, most);
    EXPECT_TRUE(fails_saying(send_message(pair.one, most + "x"),
                             "a message of 65537 bytes and 0 descriptors is too large"));
}

TEST(Message, CarriesDescriptors) {
    const SocketPair pair = open_socket_pair().value();
    const Fd null = null_device();
    ASSERT_TRUE(succeeds(send_message(pair.one, "x", {null, pair.one})));
    const auto message = receive_message(pair.other);
    ASSERT_TRUE(succeeds(message));
    ASSERT_EQ((*message)->fds.size(), 2U);
    const Fd& received = (*message)->fds[0];
    EXPECT_NE(received.get(), null.get());
    EXPECT_EQ(status_of(received)->st_rdev, status_of(null)->st_rdev);
    EXPECT_NE(::fcntl(received.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(Message, CarriesAsManyDescriptorsAsItSays) {
    const SocketPair pair = open_socket_pair().value();
    const Fd null = null_device();
    ASSERT_TRUE(succeeds(send_message(pair.one, "x", {kMostFds, FdView(null)})));
    EXPECT_EQ((*receive_message(pair.other))->fds.size(), kMostFds);
    EXPECT_TRUE(fails_saying(send_message(pair.one, "x", {kMostFds + 1, FdView(null)}),
                             "17 descriptors is too large"));
}

TEST(Message, LeaksNoDescriptor) {
    test::in_own_process([] {
        const SocketPair pair = open_socket_pair().value();
        const Fd null = null_device();
        const int before = open_descriptors();
        for (int i = 0; i < 100; ++i) {
            ASSERT_TRUE(succeeds(send_message(pair.one, "x", {null, null})));
            ASSERT_TRUE(succeeds(receive_message(pair.other)));
        }
        EXPECT_EQ(open_descriptors(), before);
    });
}

// What a peer could send that send_message() does not: `size` bytes and `count` descriptors.
void send_raw(FdView socket, std::size_t size, std::size_t count) {
    std::string bytes(size, 'x');
    iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
    std::string control(CMSG_SPACE(count * sizeof(int)), '\0');
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));  // descriptor 0, as often as that
    ASSERT_EQ(::sendmsg(socket.get(), &message, 0), static_cast<ssize_t>(size));
}

TEST(Message, OfAHostilePeerLeaksNoDescriptor) {
    test::in_own_process([] {
        const SocketPair pair = open_socket_pair().value();
        const int before = open_descriptors();
        send_raw(pair.one, 0, 3);
        EXPECT_FALSE(receive_message(pair.other)->has_value());
        send_raw(pair.one, 1, kMostFds + 1);
        EXPECT_TRUE(fails_saying(receive_message(pair.other), "a message came that is too large"));
        send_raw(pair.one, kLargestMessage + 1, 1);
        EXPECT_TRUE(fails_saying(receive_message(pair.other), "a message came that is too large"));
        EXPECT_EQ(open_descriptors(), before);
    });
}

TEST(Message, MayNotBeEmpty) {
    const SocketPair pair = open_socket_pair().value();
    EXPECT_TRUE(fails_saying(send_message(pair.one, ""), "an empty message looks like the end"));
}

TEST(Message, EndsWhereTheOtherSideCloses) {
    SocketPair pair = open_socket_pair().value();
    ASSERT_TRUE(succeeds(send_message(pair.one, "last")));
    pair.one.reset();
    EXPECT_EQ((*receive_message(pair.other))->bytes, "last");
    EXPECT_FALSE(receive_message(pair.other)->has_value());
    EXPECT_TRUE(fails_saying(send_message(pair.other, "x"), "send a message: Broken pipe"));
}

TEST(Message, EndsWhereTheOtherSideClosesUnread) {
    SocketPair pair = open_socket_pair().value();
    ASSERT_TRUE(succeeds(send_message(pair.other, "never read")));
    pair.one.reset();
    EXPECT_FALSE(receive_message(pair.other)->has_value());
}

TEST(Message, IsHeardThoughTheOtherSideClosesUnread) {
    SocketPair pair = open_socket_pair().value();
    ASSERT_TRUE(succeeds(send_message(pair.other, "never read")));
    ASSERT_TRUE(succeeds(send_message(pair.one, "last")));
    pair.one.reset();
    EXPECT_EQ((*receive_message(pair.other))->bytes, "last");
    EXPECT_FALSE(receive_message(pair.other)->has_value());
}

TEST(Message, OfNoSocketIsAnError) {
    const Fd null = null_device();
    EXPECT_TRUE(fails_saying(receive_message(null), "receive a message: Socket operation on non"));
    EXPECT_TRUE(fails_saying(send_message(null, "x"), "send a message: Socket operation on non"));
}

TEST(Listener, IsFoundByNameHoweverLongThePath) {
    const test::TempFolder temporary;
    std::string path = temporary.path();
    for (int i = 0; i < 4; ++i)
        test::make_folder(path += "/" + std::string(40, 'x'));
    const Fd folder = open_directory(FdView::cwd(), path).value();
    const Fd listener = listen_at(folder, "socket").value();
    const Fd client = connect_at(folder, "socket").value();
    const Fd server = accept_from(listener).value();
    ASSERT_TRUE(succeeds(send_message(client, "hello")));
    EXPECT_EQ((*receive_message(server))->bytes, "hello");
}

TEST(Listener, TakesThePlaceOfOneThatEnded) {
    const test::TempFolder temporary;
    (void)listen_at(temporary.fd(), "socket").value();
    EXPECT_TRUE(fails_saying(connect_at(temporary.fd(), "socket"),
                             "connect to the socket 'socket': Connection refused"));
    const Fd listener = listen_at(temporary.fd(), "socket").value();
    EXPECT_TRUE(succeeds(connect_at(temporary.fd(), "socket")));
    EXPECT_TRUE(fails_saying(connect_at(temporary.fd(), "other"),
                             "connect to the socket 'other': No such file or directory"));
}

TEST(Listener, PassesOverWhoeverIsGoneAgain) {
    const test::TempFolder temporary;
    const Fd listener = listen_at(temporary.fd(), "socket").value();
    (void)connect_at(temporary.fd(), "socket").value();
    const Fd gone = accept_from(listener).value();
    EXPECT_FALSE(receive_message(gone).value());
}

}  // namespace
}  // namespace sbx::os
