#include "sandbox/enter.h"

#include <csignal>
#include <optional>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/namespaces.h"
#include "os/scheduling.h"
#include "os/terminal.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::Outcome;
using test::succeeds;
using test::TinyRoot;

// A container that runs, and what is run in it beside.
class Enter : public testing::Test {
protected:
    void SetUp() override { start(root_.program({"/bin/busybox", "sleep", "1000"})); }

    void start(const Request& request) {
        const Plan plan = compile(request, test::this_host()).value();
        running_.reset();
        running_.emplace(Launch::begin(plan).value().finish().value());
    }

    os::Process& init() { return running_->init; }

    Inhabited container() const {
        const pid_t pid = running_->init.pid();
        return {.init = pid, .start_time = os::start_time_of(pid).value()};
    }

    static Program program_of(const Request& request) { return compile_program(request).value(); }
    Outcome run(const Request& request) { return test::enter(program_of(request), container()); }
    Outcome run(const std::string& script) { return run(root_.request(script)); }

    TinyRoot root_;
    std::optional<Running> running_;
};

TEST_F(Enter, RunsAProgramThereAndHasItsStatus) {
    const Outcome outcome = run("echo out; echo err >&2; exit 42");
    EXPECT_EQ(outcome.code, 42) << outcome.failure;
    EXPECT_EQ(outcome.output, "out\n");
    EXPECT_EQ(outcome.errors, "err\n");
}

TEST_F(Enter, IsInAllNamespacesOfTheContainer) {
    std::string expected;
    for (const os::NamespaceKind& kind : os::namespace_kinds())
        expected +=
            os::read_link(os::FdView::cwd(), fmt::format("/proc/{}/ns/{}", init().pid(), kind.file))
                .value() +
            "\n";
    EXPECT_EQ(run("for n in user mnt pid net ipc uts cgroup time; do readlink /proc/self/ns/$n; "
                  "done")
                  .output,
              expected);
}

TEST_F(Enter, SeesTheProcessesAndFilesOfTheContainer) {
    const Outcome outcome = run("tr '\\0' ' ' < /proc/1/cmdline; echo; ls /; pwd");
    EXPECT_EQ(outcome.output, "/bin/busybox sleep 1000 \nbin\ndev\netc\nproc\ntmp\n/\n");
}

TEST_F(Enter, HasTheProfileOfItsProgram) {
    Request request = root_.request(
        "id -u; id -G; umask; ulimit -n; grep -E 'Cap(Bnd|Eff)|NoNew|Seccomp:' /proc/self/status");
    request.identity.user = "user";
    request.spec.process.user.umask = 077;
    request.spec.process.rlimits = {{.type = "RLIMIT_NOFILE", .soft = 99, .hard = 99}};
    request.spec.process.capabilities.bounding = {"CHOWN"};
    request.spec.process.no_new_privileges = true;
    EXPECT_EQ(run(request).output,
              "1000\n1000 2000\n0077\n99\n"
              "CapEff:\t0000000000000000\nCapBnd:\t0000000000000001\n"
              "NoNewPrivs:\t1\nSeccomp:\t2\n");
}

TEST_F(Enter, HasTheOomScoreOfItsProgram) {
    Request request = root_.request("cat /proc/self/oom_score_adj");
    request.spec.process.oom_score_adj = 777;
    EXPECT_EQ(run(request).output, "777\n");
}

TEST_F(Enter, RunsOnTheProcessorsOfItsProgram) {
    const std::vector<unsigned> ours = os::affinity().value();
    const auto allowed = [&](oci::CpuAffinity affinity) {
        Request request = root_.request("grep Cpus_allowed_list /proc/self/status | cut -f 2");
        request.spec.process.exec_cpu_affinity = std::move(affinity);
        const Outcome outcome = run(request);
        return outcome.output + outcome.failure;
    };
    const std::string last = fmt::format("{}", ours.back());
    EXPECT_EQ(allowed({.initial = last}), last + "\n");
    EXPECT_EQ(allowed({.final = last}), last + "\n");
    EXPECT_EQ(allowed({.initial = fmt::format("{}", ours.front()), .final = last}), last + "\n");
    EXPECT_EQ(allowed({.initial = "8191"}),
              "the first processors: choose processors: Invalid argument");
    EXPECT_EQ(os::affinity().value(), ours) << "the caller's own are as before";
}

TEST_F(Enter, StartsInItsWorkingDirectory) {
    Request request = root_.request("pwd");
    request.spec.process.cwd = "/srv/www";
    EXPECT_EQ(run(request).code, 125) << "who starts a program there may have mistyped it";
    EXPECT_FALSE(test::exists(root_.at("srv")));
    test::make_folder(root_.at("srv"));
    test::make_folder(root_.at("srv/www"));
    EXPECT_EQ(run(request).output, "/srv/www\n");
}

// CVE-2024-21626, of exec.
TEST_F(Enter, DoesNotStartInADirectoryOfTheHost) {
    test::make_link(root_.at("w"), "/proc/self/fd/3");
    for (int fd = 0; fd < 32; ++fd) {
        Request request = root_.request("pwd");
        request.spec.process.cwd = fmt::format("/proc/self/fd/{}", fd);
        EXPECT_EQ(run(request).code, 125) << fd;
    }
    Request request = root_.request("pwd");
    request.spec.process.cwd = "/w";
    EXPECT_EQ(run(request).code, 125);
}

TEST_F(Enter, HasThreeDescriptors) {
    test::in_own_process([&] {
        for (int fd = 3; fd < 100; ++fd)
            (void)::dup2(2, fd);  // NOLINT(android-cloexec-dup): it is to leak
        EXPECT_EQ(run(root_.program({"/bin/busybox", "ls", "/proc/self/fd"})).output,
                  "0\n1\n2\n3\n")
            << "the fourth is the one that ls reads the folder by";
        Request request = root_.program({"/bin/busybox", "ls", "/proc/self/fd"});
        request.kept_descriptors = 2;
        EXPECT_EQ(run(request).output, "0\n1\n2\n3\n4\n5\n");
    });
}

TEST_F(Enter, LeadsASessionOfItsOwn) {
    EXPECT_EQ(run("test $(cut -d ' ' -f 6 /proc/self/stat) = $$ && echo yes").output, "yes\n");
}

TEST_F(Enter, SaysWhatCannotBeRun) {
    EXPECT_EQ(run(root_.program({"coffee"})).kind, Error::Kind::no_such_command);
    const Outcome path = run(root_.program({"/bin/coffee"}));
    EXPECT_EQ(path.kind, Error::Kind::no_such_command);
    EXPECT_EQ(path.failure, "run '/bin/coffee': No such file or directory");
    EXPECT_EQ(run(root_.program({"/etc"})).kind, Error::Kind::not_executable);
}

TEST_F(Enter, SaysWhichUserIsNotThere) {
    Request request = root_.request("true");
    request.identity.user = "bob";
    const Outcome outcome = run(request);
    EXPECT_EQ(outcome.failure, "the image's /etc/passwd has no user 'bob'");
    EXPECT_EQ(outcome.kind, Error::Kind::failed) << "the container has not ended";
}

TEST_F(Enter, HasATerminalOfTheContainers) {
    Request request = root_.request("tty; test -t 0 && test -t 2 && echo yes");
    request.spec.process.terminal = true;
    Result<Entered> entered = enter(program_of(request), container());
    ASSERT_TRUE(succeeds(entered));
    ASSERT_TRUE(os::is_terminal(entered->terminal));
    std::string text;
    char buffer[256];
    for (ssize_t n = 0; (n = ::read(entered->terminal.get(), buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    EXPECT_EQ(text, "/dev/pts/0\r\nyes\r\n");
    EXPECT_EQ(entered->process.wait()->code, 0);
}

TEST_F(Enter, IsRefusedWhereTheContainerHasEnded) {
    const Inhabited container = this->container();
    Inhabited recycled = container;
    recycled.start_time -= 1;
    EXPECT_TRUE(fails_saying(enter(program_of(root_.request("true")), recycled),
                             "the container's first process has ended"))
        << "the pid is another process's";
    ASSERT_TRUE(succeeds(init().signal(SIGKILL)));
    ASSERT_TRUE(succeeds(init().wait()));
    const Result<Entered> entered = enter(program_of(root_.request("true")), container);
    EXPECT_TRUE(fails_saying(entered, "the container's first process has ended"));
    EXPECT_TRUE(entered.failed_as(Error::Kind::not_found));
}

TEST_F(Enter, IsRefusedForAProcessThatIsInNoContainer) {
    const Inhabited self{.init = ::getpid(), .start_time = os::start_time_of(::getpid()).value()};
    EXPECT_TRUE(fails_saying(enter(program_of(root_.request("true")), self), "is in no container"));
}

TEST_F(Enter, LeavesNothingInTheCaller) {
    test::in_own_process([&] {
        const int descriptors = test::open_descriptors();
        {
            Result<Entered> entered = enter(program_of(root_.request("true")), container());
            ASSERT_TRUE(succeeds(entered));
        }
        EXPECT_FALSE(enter(program_of(root_.program({"coffee"})), container()));
        EXPECT_EQ(test::open_descriptors(), descriptors);
        EXPECT_EQ(::waitpid(-1, nullptr, 0), -1) << "and no child";
    });
}

TEST_F(Enter, EndsWithTheCallerWhereItIsAskedTo) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const os::Fd read_end(ends[0]);
    os::Fd write_end(ends[1]);
    const Program program = program_of(root_.request("echo up; exec sleep 1000"));
    const Inhabited container = this->container();
    os::Process caller = os::spawn(0, [&] {
                             if (!os::place_at(write_end, 1)) ::_exit(1);
                             const Result<Entered> entered =
                                 enter(program, container, {.dies_with_parent = true});
                             ::pause();
                         }).value();
    write_end.reset();
    char word[3];
    ASSERT_EQ(::read(read_end.get(), word, sizeof word), 3) << "up";
    ASSERT_TRUE(succeeds(caller.signal(SIGKILL)));
    EXPECT_EQ(::read(read_end.get(), word, sizeof word), 0) << "the end: nobody holds it";
}

TEST_F(Enter, WorksInAContainerOfANamespacedHost) {
    test::in_mapped_namespaces([&] {
        const Host host = test::find_host_here();
        const Plan plan = compile(root_.program({"/bin/busybox", "sleep", "1000"}), host).value();
        const Running running = Launch::begin(plan).value().finish().value();
        const pid_t pid = running.init.pid();
        const Outcome outcome =
            test::enter(program_of(root_.request("id -u")),
                        {.init = pid, .start_time = os::start_time_of(pid).value()});
        EXPECT_EQ(outcome.output, "0\n") << outcome.failure;
    });
}

// A watcher in the container, with all capabilities there, that tries to get at whoever comes in:
// their descriptors, their memory, their binary (CVE-2016-9962, CVE-2019-5736).
TEST_F(Enter, ShowsNothingOfTheHostToTheContainer) {
    Request request = root_.request(
        "while :; do for p in /proc/[0-9]*; do case $p in /proc/1|/proc/$$) continue;; esac; "
        "ls -l $p/fd $p/exe $p/root $p/cwd 2>/dev/null; done; done > /seen");
    request.spec.process.capabilities.bounding = {"ALL"};
    request.seccomp = Unconfined{};
    start(request);
    const test::TempFolder secret;
    const os::Fd held = os::duplicate(secret.fd()).value();
    for (int turn = 0; turn < 50; ++turn)
        ASSERT_EQ(run(root_.program({"/bin/busybox", "true"})).code, 0);
    const std::string seen = test::bytes_of(root_.at("seen"));
    EXPECT_TRUE(seen.contains("/bin/busybox")) << "it does look";
    EXPECT_FALSE(seen.contains(secret.path()));
    EXPECT_FALSE(seen.contains("kernel-tests"));
}

}  // namespace
}  // namespace sbx::sandbox
