#include "sandbox/seccomp_listener.h"

#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/process.h"
#include "sandbox/handshake.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::succeeds;

// Answers each call that is held up with EXDEV, as one who decides about it, until the last process
// with the filter has ended.
[[noreturn]] void answer_all(int listener) {
    for (;;) {
        seccomp_notif call{};
        if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) ::_exit(0);
        seccomp_notif_resp answer{.id = call.id, .val = 0, .error = -EXDEV, .flags = 0};
        (void)::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

// One who answers, as a process of its own for each listener; counts them.
class Agent {
public:
    Observer observer() {
        return [this](pid_t process, os::FdView listener) -> Result<> {
            asked_of_ = process;
            agents_.push_back(TRY(os::spawn(0, [&] { answer_all(listener.get()); })));
            return {};
        };
    }
    std::size_t count() const { return agents_.size(); }
    pid_t asked_of() const { return asked_of_; }

private:
    std::vector<os::Process> agents_;
    pid_t asked_of_ = 0;
};

class HeldUpCalls : public testing::Test {
protected:
    Request request(const std::string& script) const {
        Request request = root_.request(script);
        request.seccomp =
            os::SeccompProfile{.fallback = os::SeccompProfile::Action::allow,
                               .rules = {{.names = {"mkdir", "mkdirat"},
                                          .action = os::SeccompProfile::Action::notify}}};
        return request;
    }

    // The exit status of the container's program, or the words of what went wrong before.
    static std::string run(const Request& request, const Observer& observer) {
        const Result<Plan> plan = compile(request, test::this_host());
        if (!plan) return plan.error().text();
        const Surroundings surroundings{.state = [](pid_t, auto) { return std::string(); },
                                        .observer = observer};
        Result<Launch> launch = Launch::begin(*plan, surroundings);
        if (!launch) return launch.error().text();
        Result<Running> running = std::move(*launch).finish();
        if (!running) return running.error().text();
        const Result<os::ExitStatus> end = running->init.wait();
        return end ? fmt::format("{}", end->code) : end.error().text();
    }

    test::TinyRoot root_;
};

TEST_F(HeldUpCalls, AreAnsweredByWhoListens) {
    Agent agent;
    EXPECT_EQ(run(request("mkdir /made || exit 7"), agent.observer()), "7");
    EXPECT_FALSE(test::exists(root_.at("made")));
    EXPECT_EQ(agent.count(), 1U);
    EXPECT_GT(agent.asked_of(), 1);
}

TEST_F(HeldUpCalls, AreAnsweredWithoutNewPrivilegesToo) {
    Request asked = request("mkdir /made || exit 8");
    asked.spec.process.no_new_privileges = true;
    Agent agent;
    EXPECT_EQ(run(asked, agent.observer()), "8");
}

TEST_F(HeldUpCalls, AreThoseOfHooksInsideAsWell) {
    Request asked = request("exit 9");
    asked.spec.hooks.start_container = {{.path = "/bin/sh", .args = {"sh", "-c", "! mkdir /made"}}};
    Agent agent;
    EXPECT_EQ(run(asked, agent.observer()), "9");
    EXPECT_EQ(agent.count(), 2U);
}

TEST_F(HeldUpCalls, AreNotMadeWhereNobodyListens) {
    EXPECT_EQ(run(request("echo > /ran"), {}),
              "seccomp listener: nobody is there to answer the calls that are held up");
    const Observer unwilling = [](pid_t, os::FdView) -> Result<> {
        return Error(Error::Kind::failed, "not now");
    };
    EXPECT_EQ(run(request("echo > /ran"), unwilling), "seccomp listener: not now");
    EXPECT_FALSE(test::exists(root_.at("ran")));
}

TEST(ExpectProgram, TakesNothingButListeners) {
    Ends ends = Line::open().value();
    ASSERT_TRUE(succeeds(ends.child.say(Verb::go)));
    EXPECT_TRUE(test::fails_saying(expect_program(ends.parent, {}, 1), "expected the end"));
    const os::Fd none;
    ASSERT_TRUE(succeeds(ends.child.say(Verb::listening)));
    EXPECT_TRUE(
        test::fails_saying(expect_program(
                               ends.parent, [](pid_t, os::FdView) { return Result<>(); }, 1),
                           "nobody is there"));
    ends.child.close();
    EXPECT_TRUE(succeeds(expect_program(ends.parent, {}, 1)));
}

}  // namespace
}  // namespace sbx::sandbox
