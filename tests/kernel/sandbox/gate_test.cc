#include "sandbox/gate.h"

#include <csignal>

#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "sandbox/launch.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;
using test::TinyRoot;

// A container that one process made, which has ended since, and that this one may start.
class Gate : public testing::Test {
protected:
    // The pid of its first process, which this one inherits; 0 where it could not be made.
    pid_t make(const Plan& plan) {
        EXPECT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
        const os::SocketPair line = os::open_socket_pair().value();
        os::Process maker =
            os::spawn(0, [&] {
                const Result<pid_t> made = make_here(plan);
                (void)os::send_message(line.other,
                                       made ? fmt::format("{}", *made) : "!" + made.error().text());
                ::_exit(0);
            }).value();
        const std::string answer = os::receive_message(line.one).value().value().bytes;
        EXPECT_EQ(maker.wait()->code, 0);
        if (!answer.starts_with('!')) return static_cast<pid_t>(std::stol(answer));
        failure_ = answer.substr(1);
        return 0;
    }

    static int code_of(pid_t pid) {
        int status = 0;
        if (::waitpid(pid, &status, 0) != pid) return -1;
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }

    Plan plan(const std::string& script) const {
        return compile(root_.request(script), test::this_host()).value();
    }

    TinyRoot root_;
    test::TempFolder state_;
    std::string failure_;

private:
    Result<pid_t> make_here(const Plan& plan) {
        const os::Fd lock(::open(state_.at("lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
        EXPECT_EQ(::flock(lock.get(), LOCK_EX), 0);
        const os::Fd gate = TRY(open_gate(state_.fd(), "gate"));
        Launch launch = TRY(Launch::begin(plan, {.gate = gate}));
        Running running = TRY(std::move(launch).finish());
        return std::move(running.init).disown();
    }
};

TEST_F(Gate, HoldsTheContainerUntilAnotherProcessStartsIt) {
    const Plan plan = this->plan("echo > /ran; exit 7");
    test::in_own_process([&] {
        const pid_t pid = make(plan);
        ASSERT_GT(pid, 0) << failure_;
        EXPECT_FALSE(test::exists(root_.at("ran")));
        ASSERT_TRUE(succeeds(start_at(state_.fd(), "gate")));
        EXPECT_EQ(code_of(pid), 7);
        EXPECT_TRUE(test::exists(root_.at("ran")));
    });
}

TEST_F(Gate, OpensOnce) {
    const Plan plan = this->plan("exec sleep 1000");
    test::in_own_process([&] {
        const pid_t pid = make(plan);
        ASSERT_TRUE(succeeds(start_at(state_.fd(), "gate")));
        EXPECT_TRUE(fails_saying(start_at(state_.fd(), "gate"), "nothing waits to be started: "));
        ::kill(pid, SIGKILL);
        EXPECT_EQ(code_of(pid), 128 + SIGKILL);
    });
}

TEST_F(Gate, IsNoHindranceToAKill) {
    const Plan plan = this->plan("echo > /ran");
    test::in_own_process([&] {
        const pid_t pid = make(plan);
        ASSERT_GT(pid, 0) << failure_;
        ::kill(pid, SIGKILL);
        EXPECT_EQ(code_of(pid), 128 + SIGKILL);
        EXPECT_TRUE(fails_saying(start_at(state_.fd(), "gate"), "nothing waits to be started: "));
        EXPECT_FALSE(test::exists(root_.at("ran")));
    });
}

TEST_F(Gate, StaysShutForWhoeverGoesAwayOrSaysSomethingElse) {
    const Plan plan = this->plan("exit 3");
    test::in_own_process([&] {
        const pid_t pid = make(plan);
        ASSERT_GT(pid, 0) << failure_;
        (void)os::connect_at(state_.fd(), "gate").value();
        Line line(os::connect_at(state_.fd(), "gate").value());
        ASSERT_TRUE(succeeds(line.say(Verb::go)));
        EXPECT_FALSE(line.hear()) << "closed without an answer";
        ASSERT_TRUE(succeeds(start_at(state_.fd(), "gate")));
        EXPECT_EQ(code_of(pid), 3);
    });
}

TEST_F(Gate, IsNotReachedByACommandThatIsNotThere) {
    const Plan plan = compile(root_.program({"/bin/coffee"}), test::this_host()).value();
    test::in_own_process([&] {
        EXPECT_EQ(make(plan), 0);
        EXPECT_EQ(failure_, "run '/bin/coffee': No such file or directory");
    });
}

TEST_F(Gate, TellsWhoeverStartsItWhatFails) {
    test::make_file(root_.at("bin/nothing"), "no program", 0755);
    const Plan plan = compile(root_.program({"/bin/nothing"}), test::this_host()).value();
    test::in_own_process([&] {
        const pid_t pid = make(plan);
        ASSERT_GT(pid, 0) << failure_;
        const Result<> started = start_at(state_.fd(), "gate");
        EXPECT_TRUE(fails_saying(started, "run '/bin/nothing': Exec format error"));
        EXPECT_EQ(started.error().kind(), Error::Kind::not_executable);
        EXPECT_EQ(code_of(pid), 125);
    });
}

// What whoever made it had open is not held any longer: a lock above all.
TEST_F(Gate, HasNothingOpenOfWhoeverMadeIt) {
    const Plan plan = this->plan("true");
    test::in_own_process([&] {
        const pid_t pid = make(plan);
        ASSERT_GT(pid, 0) << failure_;
        const os::Fd folder =
            os::open_directory(os::FdView::cwd(), fmt::format("/proc/{}/fd", pid)).value();
        EXPECT_EQ(os::names_in(folder).value().size(), 4U) << "0, 1, 2 and the gate";
        const os::Fd lock(::open(state_.at("lock").c_str(), O_RDWR | O_CLOEXEC));
        EXPECT_EQ(::flock(lock.get(), LOCK_EX | LOCK_NB), 0);
        ::kill(pid, SIGKILL);
        EXPECT_EQ(code_of(pid), 128 + SIGKILL);
    });
}

TEST_F(Gate, GivesTheTerminalToWhoeverMadeIt) {
    Request request = root_.request("tty");
    request.spec.process.terminal = true;
    const Plan plan = compile(request, test::this_host()).value();
    test::in_own_process([&] {
        const os::Fd gate = open_gate(state_.fd(), "gate").value();
        Running running = Launch::begin(plan, {.gate = gate}).value().finish().value();
        ASSERT_TRUE(running.terminal);
        ASSERT_TRUE(succeeds(start_at(state_.fd(), "gate")));
        char text[64];
        const ssize_t size = ::read(running.terminal.get(), text, sizeof text);
        ASSERT_GT(size, 0);
        EXPECT_EQ(std::string_view(text, static_cast<std::size_t>(size)), "/dev/pts/0\r\n");
        EXPECT_EQ(running.init.wait()->code, 0);
    });
}

}  // namespace
}  // namespace sbx::sandbox
