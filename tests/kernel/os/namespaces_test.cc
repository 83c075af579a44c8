#include "os/namespaces.h"

#include <csignal>

#include <sched.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/caps.h"
#include "os/file.h"
#include "os/process.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::succeeds;

[[noreturn]] void sleep_for_ever() {
    for (;;)
        ::pause();
}

const NamespaceKind& kind_of(std::uint64_t flag) {
    for (const NamespaceKind& kind : namespace_kinds())
        if (kind.flag == flag) return kind;
    ADD_FAILURE() << "no such kind";
    return namespace_kinds().front();
}

std::string own(const char* file) {
    return read_link(FdView::cwd(), fmt::format("/proc/self/ns/{}", file)).value_or("");
}

std::string of(const Process& process, const char* file) {
    return read_link(FdView::cwd(), fmt::format("/proc/{}/ns/{}", process.pid(), file))
        .value_or("");
}

TEST(NamespacesApart, AreThoseThatAreNotShared) {
    IN_NAMESPACES {
        const Process same = spawn(0, sleep_for_ever).value();
        EXPECT_EQ(namespaces_apart_from(same.pid()).value(), 0U);
        const std::uint64_t some = CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNET;
        const Process other = spawn(some, sleep_for_ever).value();
        EXPECT_EQ(namespaces_apart_from(other.pid()).value(), some);
    };
}

TEST(JoinNamespaces, EntersAllOfThemAtOnce) {
    test::in_own_process([] {
        const std::uint64_t all =
            CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWPID;
        const Process there = spawn(all, sleep_for_ever).value();
        ASSERT_TRUE(
            succeeds(join_namespaces(there.pidfd(), namespaces_apart_from(there.pid()).value())));
        for (const char* file : {"user", "mnt", "uts", "net"})
            EXPECT_EQ(own(file), of(there, file)) << file;
        EXPECT_NE(own("pid"), of(there, "pid")) << "that is its children's";
        EXPECT_EQ(own("pid_for_children"), of(there, "pid"));
    });
}

// A network namespace that is not the user namespace's own: its owner alone may enter it.
TEST(JoinNamespaces, EntersWhatBelongsToANamespaceAbove) {
    IN_NAMESPACES {
        const Process outer = spawn(CLONE_NEWNET, [] {
                                  const Process inner =
                                      spawn(CLONE_NEWUSER | CLONE_NEWUTS, sleep_for_ever).value();
                                  sleep_for_ever();
                              }).value();
        std::string children;
        while (children.empty())
            children = read_proc(fmt::format("/proc/{0}/task/{0}/children", outer.pid())).value();
        const auto pid = static_cast<pid_t>(std::stol(children));
        const Fd pidfd = open_process(pid).value();
        const std::uint64_t apart = CLONE_NEWUSER | CLONE_NEWUTS | CLONE_NEWNET;
        EXPECT_EQ(namespaces_apart_from(pid).value(), apart);
        const std::string network = of(outer, "net");  // later this process may not look
        EXPECT_TRUE(succeeds(join_namespaces(pidfd, apart)));
        EXPECT_EQ(own("net"), network);
        ::kill(pid, SIGKILL);
    };
}

TEST(JoinNamespaces, IsRefusedToWhoeverHasNoRightsThere) {
    IN_NAMESPACES {
        const Process there = spawn(CLONE_NEWUTS, sleep_for_ever).value();
        ASSERT_TRUE(succeeds(set_capabilities({})));
        EXPECT_TRUE(fails_saying(join_namespaces(there.pidfd(), CLONE_NEWUTS),
                                 "enter the namespaces of a process: Operation not permitted"));
    };
}

TEST(OpenNamespace, RefusesAnotherKind) {
    const NamespaceKind& network = kind_of(CLONE_NEWNET);
    EXPECT_TRUE(succeeds(open_namespace("/proc/self/ns/net", network)));
    EXPECT_TRUE(fails_saying(open_namespace("/proc/self/ns/uts", network),
                             "'/proc/self/ns/uts' is not a network namespace"));
    EXPECT_TRUE(fails_saying(open_namespace("/dev/null", network), "is not a network namespace"));
    EXPECT_TRUE(fails_saying(open_namespace("/no/such", network),
                             "open the network namespace '/no/such': No such file or directory"));
}

TEST(JoinNamespace, EntersIt) {
    IN_NAMESPACES {
        const Process there = spawn(CLONE_NEWUTS, sleep_for_ever).value();
        const NamespaceKind& uts = kind_of(CLONE_NEWUTS);
        const Fd ns = open_namespace(fmt::format("/proc/{}/ns/uts", there.pid()), uts).value();
        EXPECT_TRUE(fails_saying(join_namespace(ns, CLONE_NEWNET), "enter a namespace: "));
        ASSERT_TRUE(succeeds(join_namespace(ns, uts.flag)));
        EXPECT_EQ(own("uts"), of(there, "uts"));
    };
}

}  // namespace
}  // namespace sbx::os
