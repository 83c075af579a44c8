#include "sandbox/child_system.h"

#include <gtest/gtest.h>

#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::sandbox {
namespace {

using test::Outcome;
using test::output_of;
using test::run;
using test::TinyRoot;

TEST(System, HasTheNamesOfItsPlan) {
    const TinyRoot root;
    Request request = root.request("hostname; cat /proc/sys/kernel/domainname");
    request.spec.hostname = std::string(64, 'h');
    request.spec.domainname = "example";
    EXPECT_EQ(output_of(request), std::string(64, 'h') + "\nexample\n");
}

TEST(System, LeavesTheNamesOfTheHostAlone) {
    const TinyRoot root;
    const std::string before = test::bytes_of("/proc/sys/kernel/hostname");
    Request request = root.request("hostname");
    request.spec.hostname = "elsewhere";
    EXPECT_EQ(output_of(request), "elsewhere\n");
    EXPECT_EQ(test::bytes_of("/proc/sys/kernel/hostname"), before);
}

TEST(System, SetsTheValuesOfItsNamespaces) {
    const TinyRoot root;
    Request request = root.request(
        "cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shm_rmid_forced "
        "/proc/sys/net/ipv4/ping_group_range");
    request.spec.sysctl = {{"net.ipv4.ip_forward", "1"},
                           {"kernel.shm_rmid_forced", "1"},
                           {"net.ipv4.ping_group_range", "0 0"}};
    EXPECT_EQ(output_of(request), "1\n1\n0\t0\n");
}

TEST(System, NamesTheValueThatTheKernelRefuses) {
    const TinyRoot root;
    Request request = root.request("true");
    request.spec.sysctl = {{"net.ipv4.coffee", "1"}};
    EXPECT_TRUE(run(request).failure.starts_with("setting sysctl 'net.ipv4.coffee' to '1': "));
    request.spec.sysctl = {{"net.ipv4.ip_forward", "coffee"}};
    const Outcome outcome = run(request);
    EXPECT_TRUE(outcome.failure.starts_with("setting sysctl 'net.ipv4.ip_forward' to 'coffee': "))
        << outcome.failure;
}

// CVE-2025-52881: a /proc of the image or of a volume takes what is written to the kernel's.
TEST(System, WritesToNoProcOfTheImage) {
    const TinyRoot root;
    for (const char* folder :
         {"proc", "proc/sys", "proc/sys/net", "proc/sys/net/ipv4", "proc/self"})
        test::make_folder(root.at(folder));
    test::make_file(root.at("proc/sys/net/ipv4/ip_forward"), "fake");
    test::make_file(root.at("proc/self/oom_score_adj"), "fake");
    Request request = root.program({"/bin/busybox", "cat", "/proc/sys/net/ipv4/ip_forward"});
    request.spec.mounts.clear();
    request.spec.sysctl = {{"net.ipv4.ip_forward", "1"}};
    request.spec.process.oom_score_adj = 500;
    EXPECT_EQ(output_of(request), "fake");
}

TEST(System, SetsTheValuesWhereProcCannotBeWrittenTo) {
    const TinyRoot root;
    Request request = root.request("cat /proc/sys/net/ipv4/ip_forward");
    for (oci::Mount& mount : request.spec.mounts)
        if (mount.destination == "/proc") mount.options.emplace_back("ro");
    request.spec.sysctl = {{"net.ipv4.ip_forward", "1"}};
    EXPECT_EQ(output_of(request), "1\n");
}

TEST(System, SetsTheOomScore) {
    const TinyRoot root;
    Request request = root.request("cat /proc/self/oom_score_adj");
    request.spec.process.oom_score_adj = 789;
    EXPECT_EQ(output_of(request), "789\n");
}

TEST(System, HasALoopbackInterfaceThatIsUp) {
    const TinyRoot root;
    EXPECT_EQ(output_of(root.request("ip -o addr show lo | grep -c 127.0.0.1/8")), "1\n");
    EXPECT_EQ(output_of(root.request("ping -c 1 -W 5 127.0.0.1 > /dev/null 2>&1; "
                                     "nc -l -p 4711 -e echo yes & "
                                     "until nc 127.0.0.1 4711; do :; done 2> /dev/null")),
              "yes\n");
}

TEST(System, NamesTheLimitThatCannotBeRaised) {
    const TinyRoot root;
    test::in_own_process([&] {
        const rlimit low{.rlim_cur = 64, .rlim_max = 64};
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
        Request request = root.request("true");
        request.spec.process.rlimits = {{.type = "RLIMIT_NOFILE", .soft = 64, .hard = 128}};
        const Outcome outcome = run(request);
        EXPECT_EQ(outcome.code, 125);
        EXPECT_EQ(outcome.hint, "without privilege a hard limit can be lowered, not raised");
    });
}

}  // namespace
}  // namespace sbx::sandbox
