#include "sandbox/compile.h"

#include <sys/resource.h>

#include <gtest/gtest.h>

#include "support/golden.h"
#include "support/requests.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::root_host;
using test::rootless_host;
using test::shell_request;
using test::single_id_host;
using test::usual_request;

// The length of the system call filter, which is no policy, is left out.
std::string explanation(const Request& request, const Host& host) {
    Result<Plan> plan = compile(request, host);
    if (!plan) return plan.error().text() + "\n";
    if (plan->program.filter) plan->program.filter->program.resize(1);
    return explain(*plan);
}

testing::AssertionResult explains_as(std::string_view name, const Request& request,
                                     const Host& host) {
    return test::matches_golden(fmt::format("unit/sandbox/golden/{}.txt", name),
                                explanation(request, host));
}

TEST(Compile, ExplainsARootlessContainer) {
    EXPECT_TRUE(explains_as("rootless", usual_request(), rootless_host()));
}

TEST(Compile, ExplainsAContainerOfOneUser) {
    EXPECT_TRUE(explains_as("single_id", usual_request(), single_id_host()));
}

TEST(Compile, ExplainsAContainerOfRoot) {
    EXPECT_TRUE(explains_as("root", usual_request(), root_host()));
}

TEST(Compile, ExplainsARootByFuse) {
    Host host = rootless_host();
    host.driver = Driver::fuse_overlayfs;
    host.fuse_program = "/usr/bin/fuse-overlayfs";
    EXPECT_TRUE(explains_as("fuse_driver", shell_request(), host));
}

TEST(Compile, ExplainsACopiedRoot) {
    Host host = rootless_host();
    host.driver = Driver::copy;
    EXPECT_TRUE(explains_as("copy_driver", shell_request(), host));
}

TEST(Compile, ExplainsTheNetworkOfTheHost) {
    Request request = usual_request();
    test::share(request, "network");
    EXPECT_TRUE(explains_as("network_host", request, rootless_host()));
}

TEST(Compile, ExplainsAHostThatIsAContainerItself) {
    Host host = rootless_host();
    host.own_proc = false;
    host.own_sysfs = false;
    host.pure_cgroup2 = false;
    EXPECT_TRUE(explains_as("masked_host", usual_request(), host));
}

TEST(Compile, ExplainsWhatIsAskedForOnTop) {
    Request request = usual_request();
    request.init = true;
    request.identity = {.user = "web:staff", .groups = {"video"}};
    request.spec.root_read_only = true;
    request.spec.process.no_new_privileges = true;
    request.spec.process.terminal = true;
    request.spec.process.cwd = "/srv";
    request.spec.devices = {{.path = "/dev/fuse", .source = "/dev/fuse"}};
    request.spec.sysctl = {{"net.ipv4.ip_forward", "1"}, {"kernel.shm_rmid_forced", "0"}};
    EXPECT_TRUE(explains_as("more", request, rootless_host()));
}

TEST(Compile, LeavesTheProcessorsOfWhatEntersToThat) {
    Request request = usual_request();
    request.spec.process.exec_cpu_affinity = {.initial = "0", .final = "1"};
    const Plan plan = compile(request, rootless_host()).value();
    EXPECT_TRUE(plan.program.first_processors.empty());
    EXPECT_TRUE(plan.program.processors.empty());
}

TEST(Compile, IsPure) {
    EXPECT_EQ(explanation(usual_request(), rootless_host()),
              explanation(usual_request(), rootless_host()));
}

TEST(Compile, RefusesWhereNoNamespaceCanBeHad) {
    Host host = rootless_host();
    host.no_namespaces = "make a user namespace: Operation not permitted";
    const Result<Plan> plan = compile(shell_request(), host);
    ASSERT_TRUE(fails_saying(plan, "no container can be made here: make a user namespace"));
    EXPECT_EQ(plan.error().hint(), "`sbx doctor` says what this machine lacks, and what mends it");
}

TEST(Compile, AlwaysMakesAUserAndAMountNamespace) {
    Request request = shell_request();
    request.spec.namespaces.clear();
    EXPECT_EQ(compile(request, root_host())->namespaces, CLONE_NEWUSER | CLONE_NEWNS);
}

TEST(Compile, RefusesAHostnameThatTheKernelDoes) {
    Request request = shell_request();
    request.spec.hostname = std::string(64, 'h');
    EXPECT_TRUE(compile(request, rootless_host()));
    request.spec.hostname += 'h';
    EXPECT_TRUE(fails_saying(compile(request, rootless_host()),
                             "the hostname is longer than 64 characters"));
}

TEST(Compile, RefusesPathsThatAreNotOfTheContainer) {
    Request request = shell_request();
    request.spec.masked_paths = {"/proc/../../etc"};
    EXPECT_TRUE(fails_saying(compile(request, rootless_host()), "masked path"));
    request = shell_request();
    request.spec.read_only_paths = {"proc"};
    EXPECT_TRUE(fails_saying(compile(request, rootless_host()), "read-only path"));
}

Result<Plan> with_sysctl(const std::string& name, const std::string& value = "1") {
    Request request = shell_request();
    request.spec.sysctl = {{name, value}};
    return compile(request, rootless_host());
}

TEST(Sysctls, AreThoseOfNamespacesAlone) {
    for (const char* name : {"kernel.core_pattern", "vm.overcommit_memory", "fs.file-max", "",
                             "kernel.panic", "dev.tty.ldisc_autoload", "NET.ipv4.ip_forward"})
        EXPECT_TRUE(fails_saying(with_sysctl(name), "is not one of a namespace's own")) << name;
}

// CVE-2022-0811: a second setting, or another file, inside of one that is allowed.
TEST(Sysctls, SmuggleNothing) {
    for (const char* name :
         {"net.ipv4/../../kernel/core_pattern", "kernel.shm_rmid_forced=1+kernel.core_pattern",
          "net.x y", "net.x\n", "kernel.sem/../core_pattern", "net/../kernel/core_pattern"})
        EXPECT_TRUE(fails_saying(with_sysctl(name), "is not one of a namespace's own")) << name;
    EXPECT_TRUE(fails_saying(with_sysctl("net.ipv4.ip_forward", "1\n0"), "line break"));
    EXPECT_TRUE(
        fails_saying(with_sysctl("net.ipv4.ip_forward", std::string("1\0", 2)), "line break"));
}

TEST(Sysctls, NeedTheirNamespace) {
    for (const auto& [name, type] :
         {std::pair("net.core.somaxconn", "network"), std::pair("kernel.msgmax", "ipc"),
          std::pair("fs.mqueue.msg_max", "ipc"), std::pair("kernel.domainname", "uts")}) {
        Request request = shell_request();
        request.spec.sysctl = {{name, "1"}};
        EXPECT_TRUE(compile(request, rootless_host())) << name;
        test::share(request, type);
        EXPECT_TRUE(fails_saying(compile(request, rootless_host()),
                                 fmt::format("would change the host: the {} namespace", type)))
            << name;
    }
}

}  // namespace
}  // namespace sbx::sandbox
