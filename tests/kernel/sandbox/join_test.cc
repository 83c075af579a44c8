#include "sandbox/join.h"

#include <csignal>
#include <optional>

#include <sched.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/caps.h"
#include "os/file.h"
#include "sandbox/gate.h"
#include "sandbox/launch.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::Outcome;
using test::run;
using test::succeeds;
using test::TinyRoot;

// A container that runs, and another that joins namespaces of it.
class Join : public testing::Test {
protected:
    void SetUp() override {
        Request request = root_.program({"/bin/busybox", "sleep", "1000"});
        request.spec.hostname = "first";
        plan_.emplace(compile(request, test::this_host()).value());
        first_.emplace(Launch::begin(*plan_).value().finish().value());
    }

    std::string path(const char* file) const {
        return fmt::format("/proc/{}/ns/{}", first_->init.pid(), file);
    }
    std::string link(const char* file) const {
        return os::read_link(os::FdView::cwd(), path(file)).value() + "\n";
    }

    Request joining(const std::string& script, std::vector<oci::Namespace> namespaces) const {
        Request request = root_.request(script);
        request.user_namespace = AsSpecified{};
        request.spec.namespaces = std::move(namespaces);
        request.spec.namespaces.push_back({.type = "mount"});
        return request;
    }

    TinyRoot root_;
    std::optional<Plan> plan_;
    std::optional<Running> first_;
};

TEST_F(Join, EntersTheNamespacesOfAPod) {
    const Outcome outcome =
        run(joining("hostname; for n in user net ipc uts; do readlink /proc/self/ns/$n; done; "
                    "echo $$",
                    {{.type = "user", .path = path("user")},
                     {.type = "network", .path = path("net")},
                     {.type = "ipc", .path = path("ipc")},
                     {.type = "uts", .path = path("uts")},
                     {.type = "pid"}}));
    EXPECT_EQ(outcome.output,
              "first\n" + link("user") + link("net") + link("ipc") + link("uts") + "1\n")
        << outcome.failure;
}

TEST_F(Join, SeesTheProcessesOfAPidNamespace) {
    const Outcome outcome = run(
        joining("tr '\\0' ' ' < /proc/1/cmdline; test $$ != 1 && echo another",
                {{.type = "user", .path = path("user")}, {.type = "pid", .path = path("pid")}}));
    EXPECT_EQ(outcome.output, "/bin/busybox sleep 1000 another\n") << outcome.failure;
}

TEST_F(Join, HasTheUsersOfTheNamespace) {
    Request request = joining("id -u; id -G", {{.type = "user", .path = path("user")}});
    request.identity.user = "user";
    EXPECT_EQ(run(request).output, "1000\n1000 2000\n");
}

TEST_F(Join, ChangesNothingOfTheCallersByTheNamespacesFile) {
    Request request = joining("true", {{.type = "user", .path = path("user")},
                                       {.type = "network", .path = "/proc/self/ns/net"}});
    request.spec.sysctl = {{"net.ipv4.ip_forward", "1"}};
    EXPECT_TRUE(run(request).failure.starts_with(
        "sysctl 'net.ipv4.ip_forward' would change the host: the network namespace"));
}

// CVE-2016-9962: those who are in the pid namespace already, and own the user namespace above the
// new one, have all rights over it; what keeps them out is that nobody may look.
TEST(JoinedPidNamespaceOfRealRoot, CannotTraceWhatIsOnItsWayIn) {
    const TinyRoot root;
    const Plan first =
        compile(root.program({"/bin/busybox", "sleep", "100"}), test::this_host()).value();
    const Running running = Launch::begin(first).value().finish().value();
    Request request = root.request("true");
    request.user_namespace = AsSpecified{};
    request.spec.uid_mappings = {{.container_id = 0, .host_id = 0, .size = 1}};
    request.spec.gid_mappings = request.spec.uid_mappings;
    request.spec.namespaces = {
        {.type = "user"},
        {.type = "mount"},
        {.type = "pid", .path = fmt::format("/proc/{}/ns/pid", running.init.pid())}};
    const Plan plan = compile(request, test::this_host()).value();
    const Result<Launch> launch = Launch::begin(plan);
    ASSERT_TRUE(succeeds(launch));
    test::in_own_process([&] {
        ASSERT_TRUE(succeeds(os::set_capabilities({})));
        EXPECT_EQ(::ptrace(PTRACE_SEIZE, launch->pid(), nullptr, nullptr), -1);
        EXPECT_EQ(errno, EPERM);
    });
}

TEST_F(Join, MayWaitAtAGate) {
    const Plan plan =
        compile(joining("exit 7", {{.type = "user", .path = path("user")}}), test::this_host())
            .value();
    test::in_own_process([&] {
        const test::TempFolder state;
        const os::Fd gate = open_gate(state.fd(), "gate").value();
        Running running = Launch::begin(plan, {.gate = gate}).value().finish().value();
        ASSERT_TRUE(succeeds(start_at(state.fd(), "gate")));
        EXPECT_EQ(running.init.wait()->code, 7);
    });
}

TEST_F(Join, NamesTheNamespaceThatCannotBeHad) {
    EXPECT_EQ(run(joining("true", {{.type = "network", .path = "/no/such"}})).failure,
              "open the network namespace '/no/such': No such file or directory");
    EXPECT_EQ(run(joining("true", {{.type = "network", .path = path("uts")}})).failure,
              fmt::format("'{}' is not a network namespace", path("uts")));
}

TEST_F(Join, LeavesNothingWhereItFails) {
    test::in_own_process([&] {
        const Plan plan = compile(joining("true", {{.type = "user", .path = path("user")},
                                                   {.type = "network", .path = path("uts")}}),
                                  test::this_host())
                              .value();
        const int descriptors = test::open_descriptors();
        EXPECT_FALSE(Launch::begin(plan));
        EXPECT_EQ(test::open_descriptors(), descriptors);
        EXPECT_EQ(::waitpid(-1, nullptr, 0), -1) << "and no child";
    });
}

// A tool may have entered it already, and name it nevertheless.
TEST_F(Join, PassesOverTheUserNamespaceThatItIsIn) {
    test::in_mapped_namespaces([&] {
        const Request request = joining("readlink /proc/self/ns/user",
                                        {{.type = "user", .path = "/proc/self/ns/user"}});
        const Outcome outcome = run(request, test::find_host_here());
        EXPECT_EQ(outcome.output,
                  os::read_link(os::FdView::cwd(), "/proc/self/ns/user").value() + "\n")
            << outcome.failure;
    });
}

// The clocks that began with the machine.
TEST(TimeNamespace, HasTheOffsetsOfItsPlan) {
    const TinyRoot root;
    Request request = root.request("cut -d. -f1 /proc/uptime");
    request.spec.namespaces.push_back({.type = "time"});
    request.spec.time_offsets = {{"boottime", {.seconds = 500000000}}};
    const Outcome outcome = run(request);
    EXPECT_GT(outcome.output.size(), 9U) << outcome.output << outcome.failure;
    request.spec.time_offsets = {{"boottime", {.seconds = -500000000}}};
    EXPECT_TRUE(run(request).failure.starts_with("setting the clock boottime: "))
        << "before the machine began";
}

// As containerd runs its containers: with the rights of root of the machine.
class LaunchOfRealRoot : public testing::Test {
protected:
    void SetUp() override {
        if (::geteuid() != 0) GTEST_SKIP() << "only root may";
        request_.user_namespace = AsSpecified{};
    }

    TinyRoot root_;
    Request request_ = root_.request("");
};

TEST_F(LaunchOfRealRoot, MakesNoUserNamespaceUnlessToldTo) {
    request_.spec.process.args[2] = "readlink /proc/self/ns/user; id -u";
    EXPECT_EQ(run(request_).output,
              os::read_link(os::FdView::cwd(), "/proc/self/ns/user").value() + "\n0\n");
    request_.spec.namespaces.push_back({.type = "user"});
    request_.spec.uid_mappings = {{.container_id = 0, .host_id = 100000, .size = 65536}};
    request_.spec.gid_mappings = {{.container_id = 0, .host_id = 200000, .size = 65536}};
    request_.spec.process.args[2] = "cat /proc/self/uid_map /proc/self/gid_map";
    test::make_file(root_.at("owned"), "");
    const Outcome outcome = run(request_);
    EXPECT_TRUE(outcome.output.contains("100000      65536")) << outcome.output << outcome.failure;
    EXPECT_TRUE(outcome.output.contains("200000      65536"));
}

TEST_F(LaunchOfRealRoot, JoinsANetworkOfTheHosts) {
    test::in_own_process([&] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        const std::string path = fmt::format("/proc/{}/ns/net", ::getpid());
        std::erase_if(request_.spec.namespaces,
                      [](const oci::Namespace& ns) { return ns.type == "network"; });
        request_.spec.namespaces.push_back({.type = "network", .path = path});
        request_.spec.process.args[2] = "readlink /proc/self/ns/net";
        const Outcome outcome = run(request_);
        EXPECT_EQ(outcome.output, os::read_link(os::FdView::cwd(), path).value() + "\n")
            << outcome.failure;
    });
}

TEST_F(LaunchOfRealRoot, HasTheCapabilitiesOfTheSpecification) {
    request_.spec.process.capabilities = {.bounding = {"CAP_CHOWN", "CAP_KILL"},
                                          .effective = {"CAP_CHOWN"},
                                          .inheritable = {"CAP_CHOWN"},
                                          .permitted = {"CAP_CHOWN", "CAP_KILL"},
                                          .ambient = {"CAP_CHOWN"}};
    request_.identity.user = "1000:1000";
    request_.spec.process.args[2] = "grep ^Cap /proc/self/status";
    EXPECT_EQ(run(request_).output,
              "CapInh:\t0000000000000001\nCapPrm:\t0000000000000001\nCapEff:\t0000000000000001\n"
              "CapBnd:\t0000000000000021\nCapAmb:\t0000000000000001\n");
}

}  // namespace
}  // namespace sbx::sandbox
