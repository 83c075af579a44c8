#include "sandbox/init.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
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
using test::succeeds;
using test::TinyRoot;

// An init is the program that is running, which here is the test: called so, it becomes one. It is
// linked against shared libraries, unlike sbx, so the root has the host's.
__attribute__((constructor)) void become_init(int argc, char** argv) {
    if (argc > 0 && argv[0] == std::string_view(kInitName)) ::_exit(init_main({argv, argv + argc}));
}

class Init : public testing::Test {
protected:
    Init() {
        test::make_link(root_.at("lib"), "usr/lib");
        test::make_link(root_.at("lib64"), "usr/lib64");
    }

    Request request(const std::string& script) const { return with_init(root_.request(script)); }
    Request program(std::vector<std::string> argv) const {
        return with_init(root_.program(std::move(argv)));
    }

private:
    static Request with_init(Request request) {
        request.init = true;
        request.spec.mounts.push_back({"/usr", "bind", "/usr", {"rbind", "ro"}});
        return request;
    }

    TinyRoot root_;
};

TEST_F(Init, IsProcessOneAndTheProgramItsChild) {
    EXPECT_EQ(output_of(request("echo $$ $PPID; cut -d' ' -f1 /proc/1/stat; "
                                "tr '\\0' ' ' < /proc/1/cmdline")),
              "2 1\n1\nsbx-init /bin/sh /bin/sh -c echo $$ $PPID; cut -d' ' -f1 /proc/1/stat; "
              "tr '\\0' ' ' < /proc/1/cmdline ");
}

TEST_F(Init, HandsTheExitCodeOn) {
    EXPECT_EQ(run(request("exit 0")).code, 0);
    EXPECT_EQ(run(request("exit 42")).code, 42);
    EXPECT_EQ(run(request("kill -9 $$")).code, 137);
    EXPECT_EQ(run(request("kill -15 $$")).code, 143);
}

TEST_F(Init, SaysWhichProgramCannotBeRun) {
    EXPECT_EQ(run(program({"coffee"})).kind, Error::Kind::no_such_command);
    EXPECT_EQ(run(program({"/bin/coffee"})).code, 127);
    EXPECT_EQ(run(program({"/bin/coffee"})).errors,
              "sbx: run '/bin/coffee': No such file or directory\n");
    EXPECT_EQ(run(program({"/etc"})).code, 126);
}

// What a shell that has ended did not wait for.
TEST_F(Init, ReapsWhatTheProgramForgets) {
    EXPECT_EQ(output_of(request("sh -c 'sleep 0 & echo $! > /orphan'; pid=$(cat /orphan); "
                                "timeout 10 sh -c \"while test -e /proc/$pid; do :; done\" && "
                                "echo reaped $?")),
              "reaped 0\n");
}

TEST_F(Init, EndsWithTheProgramAndNotWithTheLastProcess) {
    EXPECT_EQ(run(request("sleep 1000 & exit 5")).code, 5);
}

TEST_F(Init, PassesSignalsOn) {
    Request request =
        this->request("trap 'echo caught; exit 9' TERM USR1; echo up; while :; do :; done");
    for (const int number : {SIGTERM, SIGUSR1}) {
        int ends[2];
        ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
        const os::Fd read_end(ends[0]);
        os::Fd write_end(ends[1]);
        const Plan plan = compile(request, test::this_host()).value();
        test::in_own_process([&] {
            ASSERT_TRUE(succeeds(os::place_at(write_end, 1)));
            write_end.reset();
            Result<Running> running = Launch::begin(plan).value().finish();
            ASSERT_TRUE(succeeds(running));
            char up[3];
            ASSERT_EQ(::read(read_end.get(), up, sizeof up), 3);
            ASSERT_TRUE(succeeds(running->init.signal(number)));
            EXPECT_EQ(running->init.wait()->code, 9);
        });
        write_end.reset();
        EXPECT_EQ(os::read_to_end(read_end, 100).value(), "caught\n");
    }
}

// It keeps the namespaces of a pod.
TEST_F(Init, WithoutAProgramWaitsToBeTold) {
    Request request = program({});
    request.spec.process.args.clear();
    const Plan plan = compile(request, test::this_host()).value();
    for (const int number : {SIGTERM, SIGINT, SIGKILL})
        test::in_own_process([&] {
            Result<Running> running = Launch::begin(plan).value().finish();
            ASSERT_TRUE(succeeds(running));
            const std::string process = fmt::format("/proc/{}/", running->init.pid());
            ASSERT_TRUE(test::comes_true([&] {  // it waits, and does nothing else
                return test::bytes_of(process + "cmdline") == std::string("sbx-init\0", 9) &&
                       test::bytes_of(process + "status").contains("State:\tS");
            }));
            ASSERT_TRUE(succeeds(running->init.signal(SIGHUP)));  // it has nothing to do
            ASSERT_TRUE(succeeds(running->init.signal(number)));
            EXPECT_EQ(running->init.wait()->code, number == SIGKILL ? 137 : 0);
        });
}

// Its program is in the foreground of the terminal, or it would be stopped when it reads.
TEST_F(Init, GivesItsProgramTheTerminal) {
    Request request = this->request("read word; echo got $word; sleep 0 & wait");
    request.spec.process.terminal = true;
    const Plan plan = compile(request, test::this_host()).value();
    Result<Running> running = Launch::begin(plan).value().finish();
    ASSERT_TRUE(succeeds(running));
    ASSERT_TRUE(succeeds(os::write_all(running->terminal, "hello\n")));
    std::string text;
    char buffer[256];
    for (ssize_t n = 0; (n = ::read(running->terminal.get(), buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    EXPECT_EQ(text, "hello\r\ngot hello\r\n");
    EXPECT_EQ(running->init.wait()->code, 0);
}

TEST_F(Init, HasTheIdsAndTheFilterOfTheProgram) {
    Request request = this->request("cat /proc/1/status | grep -E '^(Uid|CapEff|CapBnd|Seccomp:)'");
    request.identity.user = "1000";
    EXPECT_EQ(output_of(request),
              "Uid:\t1000\t1000\t1000\t1000\n"
              "CapEff:\t0000000000000000\n"
              "CapBnd:\t00000000000000eb\n"
              "Seccomp:\t2\n");
}

TEST_F(Init, LeaksNoDescriptor) { EXPECT_EQ(output_of(request("ls /proc/1/fd")), "0\n1\n2\n"); }

// CVE-2019-5736: what a container finds at /proc/1/exe is the file of the host.
constexpr const char* kAttack =
    "for file in /proc/1/exe /link; do"
    "  ln -sf /proc/1/exe /link; echo evil >> $file; echo evil > $file; truncate -s 0 $file;"
    "  dd if=/dev/zero of=$file bs=1 count=1; chmod 777 $file;"
    "done; readlink /proc/1/exe";

TEST_F(Init, CannotBeWrittenToThroughProc) {
    const std::string before = test::bytes_of("/proc/self/exe");
    const Outcome outcome = run(request(kAttack));
    EXPECT_FALSE(outcome.errors.contains("records out")) << outcome.errors;
    EXPECT_TRUE(outcome.errors.contains("chmod: /proc/1/exe: Read-only file system"))
        << outcome.errors;
    EXPECT_TRUE(test::bytes_of("/proc/self/exe") == before);
}

// Where something else is found by the program's name (an upgrade put it there) it is a copy.
TEST_F(Init, IsASealedCopyWhereItsNameIsAnothers) {
    test::in_mapped_namespaces([&] {
        const std::string self = os::read_link(os::FdView::cwd(), "/proc/self/exe").value();
        ASSERT_EQ(::mount("/bin/busybox", self.c_str(), nullptr, MS_BIND, nullptr), 0);
        const Outcome outcome = run(request(kAttack), test::find_host_here());
        EXPECT_EQ(outcome.output, "/memfd:sbx (deleted)\n") << outcome.failure;
        EXPECT_FALSE(outcome.errors.contains("records out")) << outcome.errors;
    });
}

TEST_F(Init, IsNotOpenedWhereNoneIsWanted) {
    const int before = test::open_descriptors();
    const Result<InitProgram> none = open_init(Plan{});
    ASSERT_TRUE(succeeds(none));
    EXPECT_EQ(test::open_descriptors(), before);
}

TEST(InitMain, NeedsAProgram) { EXPECT_EQ(init_main({kInitName, "/bin/sh"}), 125); }

}  // namespace
}  // namespace sbx::sandbox
