#include "sandbox/seccomp_profile.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/caps.h"
#include "os/process.h"
#include "os/terminal.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::in_own_process;
using test::succeeds;

constexpr long kX32 = 0x40000000;
constexpr std::uint64_t kHighBits[] = {0, std::uint64_t{1} << 32, std::uint64_t{0xdeadbeef} << 32};

// Under the default filter from here on, with no capability to widen it.
void install_default_filter() {
    ASSERT_TRUE(succeeds(os::forbid_new_privileges()));
    ASSERT_TRUE(succeeds(os::install_filter(default_filter(0))));
}

template <class... Arguments>
int errno_of(long number, Arguments... arguments) {
    errno = 0;
    return ::syscall(number, arguments...) < 0 ? errno : 0;
}

TEST(InstalledFilter, RefusesFamiliesWhateverTheHighBits) {
    in_own_process([] {
        install_default_filter();
        for (const std::uint64_t high : kHighBits)
            for (const std::uint64_t family : {AF_ALG, AF_VSOCK, AF_PACKET, AF_CAN, AF_UNSPEC})
                EXPECT_EQ(errno_of(SYS_socket, family | high, SOCK_STREAM, 0), EAFNOSUPPORT);
        for (const std::uint64_t high : kHighBits)
            EXPECT_EQ(errno_of(SYS_socket, std::uint64_t{AF_UNIX} | high, SOCK_STREAM, 0), 0);
    });
}

TEST(InstalledFilter, RefusesNamespacesWhateverTheHighBits) {
    in_own_process([] {
        install_default_filter();
        for (const std::uint64_t high : kHighBits) {
            EXPECT_EQ(errno_of(SYS_unshare, std::uint64_t{CLONE_NEWUSER} | high), EPERM);
            EXPECT_EQ(errno_of(SYS_clone, (CLONE_NEWUSER | SIGCHLD) | high, 0, 0, 0, 0), EPERM);
            EXPECT_EQ(errno_of(SYS_setns, 0, CLONE_NEWNET | high), EPERM);
        }
        EXPECT_EQ(errno_of(SYS_clone3, nullptr, 0), ENOSYS);
    });
}

TEST(InstalledFilter, RefusesToTypeIntoATerminalWhateverTheHighBits) {
    in_own_process([] {
        const os::Fd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
        install_default_filter();
        for (const std::uint64_t high : kHighBits)
            for (const std::uint64_t command : {TIOCSTI, 0x541c, TIOCSETD})
                EXPECT_EQ(errno_of(SYS_ioctl, master.get(), command | high, "x"), EPERM);
        os::WindowSize size{};
        EXPECT_TRUE(succeeds(os::window_size(master)));
        (void)size;
    });
}

TEST(InstalledFilter, RefusesWhatIsTheMachines) {
    in_own_process([] {
        install_default_filter();
        for (const long number :
             {SYS_mount, SYS_umount2, SYS_pivot_root, SYS_keyctl, SYS_add_key, SYS_request_key,
              SYS_bpf, SYS_perf_event_open, SYS_init_module, SYS_finit_module, SYS_kexec_load,
              SYS_reboot, SYS_syslog, SYS_open_by_handle_at, SYS_swapon, SYS_chroot, SYS_acct})
            EXPECT_EQ(errno_of(number, 0, 0, 0, 0, 0, 0), EPERM) << number;
        for (const long number : {SYS_io_uring_setup, SYS_userfaultfd, SYS_fsopen, SYS_open_tree,
                                  SYS_move_mount, SYS_mount_setattr, 470, 5000})
            EXPECT_EQ(errno_of(number, 0, 0, 0, 0, 0, 0), ENOSYS) << number;
    });
}

TEST(InstalledFilter, RefusesOtherPersonalities) {
    in_own_process([] {
        install_default_filter();
        EXPECT_EQ(errno_of(SYS_personality, 0xffffffffUL), 0);
        for (const std::uint64_t high : kHighBits)
            EXPECT_EQ(errno_of(SYS_personality, ADDR_NO_RANDOMIZE | high), EPERM);
    });
}

#if defined(__x86_64__)

TEST(InstalledFilter, HasNoX32) {
    in_own_process([] {
        install_default_filter();
        EXPECT_EQ(errno_of(kX32 | SYS_getpid), ENOSYS);
        EXPECT_EQ(errno_of(kX32 | 512, 0, 0, 0), ENOSYS);
    });
}

// getpid(2) by the way of i386, number 20, which a kernel with 32-bit calls would answer.
long getpid_of_i386() {
    long result = 20;
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return result;
}

// A kernel that was started without 32-bit calls ends the process for trying.
TEST(InstalledFilter, HasNoI386) {
    Result<os::Process> caller = os::spawn(0, [] {
        ::signal(SIGSEGV, SIG_DFL);
        install_default_filter();
        ::_exit(getpid_of_i386() == -ENOSYS ? 0 : 1);
    });
    ASSERT_TRUE(succeeds(caller));
    const int code = caller->wait()->code;
    EXPECT_TRUE(code == 0 || code == 128 + SIGSEGV) << code;
}

#endif

TEST(InstalledFilter, LetsProgramsStartThreadsProcessesAndProgramsOfTheirOwn) {
    const test::TinyRoot root;
    EXPECT_EQ(test::output_of(root.request("(echo in a child; true) | cat; "
                                           "timeout 10 sh -c 'echo in a program'; "
                                           "mkfifo /f; echo through > /f & cat /f; wait; "
                                           "ln /f /g && rm /f /g")),
              "in a child\nin a program\nthrough\n");
}

TEST(InstalledFilter, LetsAContainerFilterItself) {
    in_own_process([] {
        install_default_filter();
        EXPECT_TRUE(succeeds(os::install_filter(default_filter(0)))) << "once more";
    });
}

TEST(InstalledFilter, RefusesNestedContainersUnlessAskedFor) {
    const test::TinyRoot root;
    Request request = root.request("unshare -r id -u");
    EXPECT_EQ(test::run(request).errors, "unshare: unshare(0x10000000): Operation not permitted\n");
    request.spec.process.capabilities.bounding = {"ALL"};
    EXPECT_EQ(test::output_of(request), "0\n");
}

}  // namespace
}  // namespace sbx::sandbox
