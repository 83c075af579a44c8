#include "os/process.h"

#include <array>
#include <optional>

#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/signals.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::os {
namespace {

using test::comes_true;
using test::fails_saying;
using test::in_own_process;
using test::make_file;
using test::make_folder;
using test::succeeds;
using test::TempFolder;

[[noreturn]] void sleep_for_ever() {
    for (;;)
        ::pause();
}

Process sleeper() { return spawn(0, sleep_for_ever).value(); }

bool is_gone(FdView pidfd) { return send_signal(pidfd, 0).failed_with(std::errc::no_such_process); }

TEST(Process, EndsWithTheStatusOfItsChild) {
    Process process = spawn(0, [] { ::_exit(7); }).value();
    EXPECT_EQ(process.wait()->code, 7);
}

TEST(Process, KilledBySignalNEndsWith128AndN) {
    Process process = sleeper();
    ASSERT_TRUE(succeeds(process.signal(SIGTERM)));
    EXPECT_EQ(process.wait()->code, 128 + SIGTERM);
}

TEST(Process, WhoseChildReturnsEndsThere) {
    Process process = spawn(0, [] {}).value();
    EXPECT_EQ(process.wait()->code, 70);
}

TEST(Process, UnwaitedIsKilledAndReaped) {
    in_own_process([] {
        Fd pidfd;
        {
            const Process process = sleeper();
            pidfd = duplicate(process.pidfd()).value();
        }
        EXPECT_TRUE(is_gone(pidfd));
        EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "there is no child left";
    });
}

TEST(Process, DisownedLivesOn) {
    Fd pidfd;
    {
        Process process = sleeper();
        pidfd = duplicate(process.pidfd()).value();
        EXPECT_GT(std::move(process).disown(), 0);
    }
    EXPECT_FALSE(is_gone(pidfd));
    EXPECT_TRUE(succeeds(send_signal(pidfd, SIGKILL)));
}

TEST(Process, MovedIsKilledOnce) {
    Process first = sleeper();
    const pid_t pid = first.pid();
    Process second = std::move(first);
    EXPECT_EQ(second.pid(), pid);
    EXPECT_TRUE(succeeds(second.signal(0)));
}

TEST(Process, ThatIsGoneCannotBeSignalled) {
    Process process = spawn(0, [] { ::_exit(0); }).value();
    ASSERT_TRUE(succeeds(process.wait()));
    EXPECT_TRUE(fails_saying(process.signal(SIGTERM), "send signal 15: No such process"));
}

TEST(Process, IsWaitedForOnce) {
    const Process other = sleeper();
    Process process = spawn(0, [] { ::_exit(0); }).value();
    ASSERT_TRUE(succeeds(process.wait()));
    EXPECT_TRUE(fails_saying(process.wait(), "the process was waited for already"));
    EXPECT_TRUE(succeeds(other.signal(0))) << "another child is none of its business";
}

TEST(Process, ReapedByTheKernelKillsNobodyElse) {
    in_own_process([] {
        ::signal(SIGCHLD, SIG_IGN);
        std::optional<Process> process = spawn(0, [] { ::_exit(0); }).value();
        ASSERT_TRUE(comes_true([&] { return is_gone(process->pidfd()); }));
        EXPECT_TRUE(fails_saying(process->wait(), "No child processes"));
        process.reset();
    });
}

TEST(Spawn, LeavesNoDescriptorToAProgram) {
    const Process process = sleeper();
    EXPECT_NE(::fcntl(process.pidfd().get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(Spawn, MakesNamespaces) {
    IN_NAMESPACES {
        Process process = spawn(CLONE_NEWPID, [] { ::_exit(::getpid()); }).value();
        EXPECT_EQ(process.wait()->code, 1);
    };
}

TEST(Spawn, SaysWhereNamespacesAreRefused) {
    const auto nothing = [] { ::_exit(0); };
    EXPECT_TRUE(fails_saying(spawn(CLONE_NEWNS | CLONE_FS, nothing),
                             "start a process in new namespaces: Invalid argument"));
}

TEST(Spawn, SaysWhereNoCgroupIs) {
    const Fd folder(::open("/tmp", O_PATH | O_DIRECTORY | O_CLOEXEC));
    EXPECT_TRUE(fails_saying(spawn(Spawn{.cgroup = folder}, [] { ::_exit(0); }),
                             "start a process in its cgroup: Bad file descriptor"));
}

TEST(Spawn, MakesASiblingThatTheParentWaitsFor) {
    in_own_process([] {
        Process between = spawn(0, [] {
                              Result<Process> sibling = spawn(
                                  Spawn{.parent = Spawn::Parent::callers_own}, [] { ::_exit(9); });
                              ::_exit(sibling && std::move(*sibling).disown() > 0 ? 0 : 1);
                          }).value();
        EXPECT_EQ(between.wait()->code, 0);
        int status = 0;
        ASSERT_GT(::waitpid(-1, &status, 0), 0);
        EXPECT_EQ(WEXITSTATUS(status), 9);
    });
}

// Runs `program` and gives what it writes to its standard output.
Result<std::string> output_of(std::vector<std::string> argv) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    Process process = TRY(start({.argv = std::move(argv), .output = FdView(write_end)}));
    write_end.reset();
    std::string output = TRY(read_to_end(read_end, 1 << 20));
    EXPECT_EQ(process.wait()->code, 0);
    return output;
}

TEST(Start, GivesAFixedEnvironment) {
    in_own_process([] {
        ::setenv("LD_PRELOAD", "", 1);
        ::setenv("SECRET", "x", 1);
        EXPECT_EQ(*output_of({"/usr/bin/env"}),
                  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nLANG=C\n");
    });
}

TEST(Start, ReadsNothingUnlessGivenSomething) {
    EXPECT_EQ(*output_of({"/bin/cat"}), "");
    EXPECT_TRUE(output_of({"/bin/readlink", "/proc/self/fd/0", "/proc/self/fd/2"})
                    ->starts_with("/dev/null\n/dev/null\n"));
}

TEST(Start, ClosesWhatTheCallerLeftOpen) {
    in_own_process([] {
        ASSERT_EQ(::fcntl(0, F_DUPFD, 50), 50);
        EXPECT_EQ(*output_of({"/bin/ls", "/proc/self/fd"}), "0\n1\n2\n3\n") << "3 is its own";
    });
}

TEST(Start, BlocksAndIgnoresNoSignal) {
    in_own_process([] {
        const Result<SignalQueue> queue = SignalQueue::open(std::array{SIGTERM, SIGCHLD});
        ::signal(SIGPIPE, SIG_IGN);
        EXPECT_EQ(start({.argv = {"/bin/sh", "-c", "kill -TERM $$"}})->wait()->code, 128 + SIGTERM);
        EXPECT_EQ(start({.argv = {"/bin/sh", "-c", "kill -PIPE $$"}})->wait()->code, 128 + SIGPIPE);
    });
}

TEST(Start, FailsWholeWhereDescriptorsRunOut) {
    in_own_process([] {
        const rlimit few{.rlim_cur = 64, .rlim_max = 64};
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
        while (::fcntl(0, F_DUPFD, 0) >= 0)
            continue;
        EXPECT_TRUE(fails_saying(start({.argv = {"/bin/sleep", "1000"}}), "Too many open files"));
        EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "there is no child left";
    });
}

TEST(Start, SaysWhatIsNotThere) {
    const Result<Process> process = start({.argv = {"/no/such"}});
    EXPECT_TRUE(fails_saying(process, "run '/no/such': No such file or directory"));
    EXPECT_TRUE(process.failed_as(Error::Kind::not_found));
}

struct Unusable {
    const char* file;
    Error::Kind kind;
};

class ExecuteFailures : public testing::TestWithParam<Unusable> {};

TEST_P(ExecuteFailures, TellWhatIsNotThereFromWhatCannotBeRun) {
    const TempFolder folder;
    make_folder(folder.at("folder"));
    make_file(folder.at("plain"), "x", 0644);
    make_file(folder.at("empty"), "", 0755);
    make_file(folder.at("orphan"), "#!/no/such/interpreter\n", 0755);
    const std::string file = folder.at(GetParam().file);
    const Error error = execute(file, {file}, {});
    EXPECT_EQ(error.kind(), GetParam().kind) << error.text();
    EXPECT_TRUE(error.text().starts_with("run '" + file + "': "));
}

INSTANTIATE_TEST_SUITE_P(All, ExecuteFailures,
                         testing::Values(Unusable{"none", Error::Kind::no_such_command},
                                         Unusable{"plain/x", Error::Kind::no_such_command},
                                         Unusable{"orphan", Error::Kind::no_such_command},
                                         Unusable{"folder", Error::Kind::not_executable},
                                         Unusable{"plain", Error::Kind::not_executable},
                                         Unusable{"empty", Error::Kind::not_executable}));

TEST(Execute, BecomesTheProgram) {
    Process process =
        spawn(0, [] { (void)execute("/bin/sh", {"sh", "-c", "exit $CODE"}, {"CODE=9"}); }).value();
    EXPECT_EQ(process.wait()->code, 9);
}

TEST(EnterDirectory, NamesIt) {
    EXPECT_TRUE(fails_saying(enter_directory("/no/such"), "enter '/no/such': No such file"));
    in_own_process([] { EXPECT_TRUE(succeeds(enter_directory("/"))); });
}

TEST(StartTime, TellsProcessesApart) {
    const Process process = sleeper();
    EXPECT_EQ(*start_time_of(process.pid()), *start_time_of(process.pid()));
    EXPECT_GE(*start_time_of(process.pid()), *start_time_of(::getpid()));
    EXPECT_GT(*start_time_of(::getpid()), *start_time_of(1));
}

TEST(StartTime, IsNotFooledByAName) {
    in_own_process([] {
        const std::uint64_t before = *start_time_of(::getpid());
        ASSERT_EQ(::prctl(PR_SET_NAME, ") R 1 1 (\n)"), 0);
        EXPECT_EQ(*start_time_of(::getpid()), before);
    });
}

TEST(StartTime, OfNobodyIsNotFound) {
    const Result<std::uint64_t> time = start_time_of(0x3fffffff);
    EXPECT_TRUE(fails_saying(time, "open '/proc/1073741823/stat': No such file"));
    EXPECT_TRUE(time.failed_as(Error::Kind::not_found));
}

TEST(OpenProcess, FindsOneOrSaysThereIsNone) {
    const Process process = sleeper();
    const Result<Fd> pidfd = open_process(process.pid());
    ASSERT_TRUE(succeeds(pidfd));
    EXPECT_TRUE(succeeds(send_signal(*pidfd, 0)));
    EXPECT_TRUE(fails_saying(open_process(0x3fffffff), "open process 1073741823: No such process"));
    EXPECT_TRUE(fails_saying(send_signal(*pidfd, 99), "send signal 99: Invalid argument"));
}

TEST(DieWithParent, EndsAChildWhoseParentIsKilled) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    Process parent = spawn(0, [&] {
                         Process child = spawn(0, [&] {
                                             (void)!die_with_parent();
                                             (void)write_all(write_end, "x");
                                             sleep_for_ever();
                                         }).value();
                         sleep_for_ever();
                     }).value();
    write_end.reset();
    char byte = 0;
    ASSERT_EQ(::read(read_end.get(), &byte, 1), 1) << "the child is ready";
    ASSERT_TRUE(succeeds(parent.signal(SIGKILL)));
    EXPECT_EQ(::read(read_end.get(), &byte, 1), 0) << "the child is gone, and its end closed";
}

// 0: is_alive() says that it is not, of a process of which hidepid=1 shows the number alone.
int answer_about_hidden() {
    if (::mount("proc", "/proc", "proc", 0, "hidepid=1") != 0) return 4;
    const pid_t stranger = ::fork();
    if (stranger == 0 && ::setuid(1001) == 0) sleep_for_ever();
    // Root's group would see it all the same: proc(5), gid.
    if (stranger <= 0 || ::setgroups(0, nullptr) != 0 || ::setgid(1002) != 0 || ::setuid(1002) != 0)
        return 3;
    const auto hidden = [&] {
        return start_time_of(stranger).failed_with(std::errc::operation_not_permitted);
    };
    if (!comes_true(hidden)) return 2;
    return is_alive(stranger, 1) ? 1 : 0;
}

TEST(IsAlive, IsNobodyWhoIsAStrangersProcess) {
    test::in_mapped_namespaces([] {
        Process first = spawn(CLONE_NEWPID, [] { ::_exit(answer_about_hidden()); }).value();
        EXPECT_EQ(first.wait()->code, 0);
    });
}

}  // namespace
}  // namespace sbx::os
