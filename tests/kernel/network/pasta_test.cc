#include "network/pasta.h"

#include <sched.h>
#include <signal.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/namespaces.h"
#include "os/process.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::network {
namespace {

using test::fails_saying;
using test::succeeds;

TEST(Pasta, IsUpOnceItSaysItsNumberInALineOfItsOwn) {
    EXPECT_TRUE(says_up("4711\n"));
    EXPECT_TRUE(says_up("pasta: no route of IPv6\n4711\n"));
    for (const char* said : {"", "4711", "pasta: 4711\n", "failed 4711\n", "\n\n"})
        EXPECT_FALSE(says_up(said)) << said;
}

TEST(Pasta, SaysWhyInItsFirstLine) {
    EXPECT_EQ(reason_in("\n/usr/bin/pasta: no such thing\nUsage: much\n"), "no such thing");
    EXPECT_EQ(reason_in("No \033[1mroute\n"), "No \\x1b[1mroute");
    EXPECT_EQ(reason_in("Failed to send 47 bytes to syslog\nno route\n"), "no route");
    EXPECT_EQ(reason_in("\n"), "it ended and gave no reason");
}

// A process in namespaces of its own, which ends with its value.
os::Process somebody() {
    return os::spawn(CLONE_NEWUSER | CLONE_NEWNET,
                     [] {
                         for (;;)
                             ::pause();
                     })
        .value();
}

os::Fd namespace_of(const os::Process& process, const char* name) {
    const std::string path = fmt::format("/proc/{}/ns/{}", process.pid(), name);
    return os::Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

std::string children_of(pid_t pid) {
    return os::read_proc(fmt::format("/proc/{}/task/{}/children", pid, pid)).value_or("");
}

TEST(Pasta, ConnectsANetworkAndEndsWithItsValue) {
    const os::Process container = somebody();
    pid_t keeper = 0;
    pid_t program = 0;
    {
        Result<Pasta> pasta = Pasta::start({.words = {"--ns-ifname", "out0"}});
        ASSERT_TRUE(succeeds(pasta));
        keeper = pasta->keeper();
        ASSERT_TRUE(succeeds(
            pasta->serve(namespace_of(container, "user"), namespace_of(container, "net"))));
        ASSERT_TRUE(succeeds(pasta->await()));
        EXPECT_TRUE(os::read_proc(fmt::format("/proc/{}/net/dev", container.pid()))
                        .value_or("")
                        .contains("out0:"));
        program = static_cast<pid_t>(std::stoi(children_of(keeper)));
        EXPECT_FALSE(os::read_proc(fmt::format("/proc/{}/environ", keeper)))
            << "nobody looks at it";
    }
    EXPECT_TRUE(test::comes_true(
        [&] { return !os::start_time_of(keeper) && !os::start_time_of(program); }));
}

TEST(Pasta, SaysWhatItDoesNotTake) {
    const os::Process container = somebody();
    Result<Pasta> pasta = Pasta::start({.words = {"--no-such-option"}});
    ASSERT_TRUE(succeeds(pasta));
    ASSERT_TRUE(
        succeeds(pasta->serve(namespace_of(container, "user"), namespace_of(container, "net"))));
    EXPECT_TRUE(fails_saying(pasta->await(), "no-such-option"));
}

TEST(Pasta, IsForAnotherUserNamespace) {
    Result<Pasta> pasta = Pasta::start({});
    ASSERT_TRUE(succeeds(pasta));
    ASSERT_TRUE(succeeds(pasta->serve(*os::own_user_namespace(), *os::own_network_namespace())));
    EXPECT_TRUE(fails_saying(pasta->await(), "in a user namespace of their own"));
}

TEST(Pasta, IsNoMoreWhereItWasNotToBe) {
    pid_t keeper = 0;
    {
        const Result<Pasta> pasta = Pasta::start({});
        ASSERT_TRUE(succeeds(pasta));
        keeper = pasta->keeper();
    }
    EXPECT_TRUE(test::comes_true([&] { return !os::start_time_of(keeper); }));
}

}  // namespace
}  // namespace sbx::network
