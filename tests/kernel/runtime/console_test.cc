#include "runtime/console.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/file.h"
#include "os/socket.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

// A stream socket that listens at folder/socket.
os::Fd listener(const std::string& folder) {
    os::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = "socket"};
    char* const before = ::get_current_dir_name();
    EXPECT_EQ(::chdir(folder.c_str()), 0);
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::chdir(before), 0);
    ::free(before);
    EXPECT_EQ(::listen(socket.get(), 1), 0);
    return socket;
}

TEST(Console, SendsADescriptorToASocketOfAnyPath) {
    const test::TempFolder folder;
    const std::string deep = folder.at(std::string(120, 'd'));
    test::make_folder(deep);
    const os::Fd socket = listener(deep);
    test::make_file(folder.at("file"), "bytes");
    const os::Fd file(::open(folder.at("file").c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_TRUE(test::succeeds(send_descriptor(deep + "/socket", "/dev/ptmx", file)));
    const os::Fd peer(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const Result<std::optional<os::Message>> message = os::receive_message(peer);
    ASSERT_TRUE(test::succeeds(message));
    EXPECT_EQ((*message)->bytes, "/dev/ptmx");
    ASSERT_EQ((*message)->fds.size(), 1U);
    EXPECT_EQ(*os::read_to_end((*message)->fds.front(), 100), "bytes");
}

TEST(Console, SaysWhichSocketIsNotThere) {
    const test::TempFolder folder;
    EXPECT_TRUE(test::fails_saying(send_descriptor(folder.at("no"), "x", folder.fd()),
                                   "connect to '" + folder.at("no") + "'"));
    EXPECT_TRUE(test::fails_saying(send_descriptor("/no/such/socket", "x", folder.fd()),
                                   "open '/no/such/'"));
}

TEST(Console, ReplacesThePidFile) {
    const test::TempFolder folder;
    test::make_file(folder.at("pid"), "123456789");
    ASSERT_TRUE(test::succeeds(write_pid_file(folder.at("pid"), 42)));
    EXPECT_EQ(test::bytes_of(folder.at("pid")), "42");
    EXPECT_EQ(test::mode_of(folder.at("pid")), 0644U);
    EXPECT_FALSE(write_pid_file("/no/such/pid", 42));
}

TEST(Console, HasATerminalGoToSomebody) {
    const oci::Process on_terminal{.terminal = true};
    EXPECT_TRUE(test::fails_saying(check_terminal(on_terminal, {}), "nobody is to get it"));
    EXPECT_TRUE(test::succeeds(check_terminal(on_terminal, {.console_socket = "/s"})));
    EXPECT_TRUE(test::succeeds(check_terminal(on_terminal, {.terminal_for_caller = true})));
    EXPECT_TRUE(test::fails_saying(check_terminal({}, {.console_socket = "/s"}), "no terminal"));
}

}  // namespace
}  // namespace sbx::runtime
