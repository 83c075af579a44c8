#include "network/switch_process.h"

#include <cstdlib>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "os/process.h"
#include "os/random.h"
#include "os/socket.h"
#include "support/lan.h"
#include "support/namespaces.h"

namespace sbx::network {
namespace {

using test::succeeds;

// The process is the program that is running, which here is the test: called so, it becomes one.
__attribute__((constructor)) void become_switch(int argc, char** argv) {
    if (argc > 0 && argv[0] == std::string_view(kSwitchName))
        ::_exit(switch_main({argv, argv + argc}));
}

// All of its memory that can be read.
std::string memory_of(pid_t pid) {
    const std::string place = fmt::format("/proc/{}/", pid);
    const os::Fd file(::open((place + "mem").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_TRUE(file) << pid;
    const std::string maps = os::read_proc(place + "maps").value_or("");
    EXPECT_NE(maps, "");
    std::string memory;
    for (const std::string_view line : split(maps, '\n')) {
        unsigned long from = 0;
        unsigned long to = 0;
        if (std::sscanf(std::string(line).c_str(), "%lx-%lx r", &from, &to) != 2) continue;
        std::string part(std::min(to - from, 1UL << 24), '\0');
        const ssize_t size =
            ::pread(file.get(), part.data(), part.size(), static_cast<off_t>(from));
        memory.append(part, 0, size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    return memory;
}

TEST(SwitchProcess, IsLookedAtByNobody) {
    const test::TempFolder folder;
    const test::Comer box = test::join(folder, test::shared_network(), 'b');
    const std::string place = fmt::format("/proc/{}/", box.membership.server());
    EXPECT_EQ(::geteuid() == 0, os::read_proc(place + "environ").has_value()) << "but root";
    EXPECT_TRUE(os::read_proc(place + "status")->contains("Seccomp:\t2"));
    EXPECT_TRUE(os::read_proc(place + "status")->contains("CapEff:\t0000000000000000"));
    EXPECT_TRUE(os::read_proc(place + "status")->contains("NoNewPrivs:\t1"));
}

// Here is somebody who may look at it: root of the user namespace that it was executed in.
TEST(SwitchProcess, HasNothingOfWhoeverStartedIt) {
    IN_NAMESPACES {
        const std::string secret = os::random_hex(32);
        ::setenv("SECRET", secret.c_str(), 1);
        const test::TempFolder folder;
        const test::Comer box = test::join(folder, test::shared_network(), 'b');
        const pid_t pid = box.membership.server();
        const std::string place = fmt::format("/proc/{}/", pid);
        EXPECT_EQ(*os::read_proc(place + "cmdline"), std::string("sbx-network\0app\0", 16));
        EXPECT_EQ(*os::read_proc(place + "comm"), "sbx-network\n");
        EXPECT_EQ(*os::read_proc(place + "environ"), "");
        EXPECT_TRUE(memory_of(::getpid()).contains(secret)) << "where it is, it is found";
        const std::string memory = memory_of(pid);
        EXPECT_TRUE(memory.contains(test::shared_network().id));
        EXPECT_FALSE(memory.contains(secret));
    };
}

TEST(SwitchProcess, EndsWhereItCannotBegin) {
    const test::TempFolder folder;
    SharedNetwork network = test::shared_network();
    network.layout.mtu = 70'000;
    EXPECT_TRUE(
        test::fails_saying(Membership::join(folder.fd(), network, test::applicant("box", 'b')),
                           "does not take the settings"));
    EXPECT_TRUE(
        succeeds(Membership::join(folder.fd(), test::shared_network(), test::applicant("a", 'c'))));
}

TEST(SwitchProcess, HasToBeToldWhatItServes) {
    os::SocketPair ends = std::move(*os::open_socket_pair());
    ASSERT_TRUE(succeeds(os::send_message(ends.one, "{}")));
    os::Process child = std::move(*os::spawn(0, [&] {
        (void)os::place_at(ends.other, STDIN_FILENO);
        ::_exit(switch_main({kSwitchName, "app"}));
    }));
    ends.other.reset();
    const std::optional<os::Message> answer = *os::receive_message(ends.one);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->bytes.contains("nobody says which network"));
    EXPECT_EQ(child.wait()->code, 1);
}

}  // namespace
}  // namespace sbx::network
