#include "container/supervise.h"

#include <algorithm>
#include <array>

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/poll.h"
#include "os/processes.h"

namespace sbx::container {

std::span<const int> forwarded_signals() {
    static constexpr std::array kSignals = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGUSR1,
                                            SIGUSR2, SIGALRM, SIGTSTP, SIGCONT, SIGWINCH};
    return kSignals;
}

// /proc/PID/task/TID/children: proc_pid_children(5).
static std::vector<pid_t> children() {
    std::vector<pid_t> pids;
    const Result<std::string> text =
        os::read_proc(fmt::format("/proc/self/task/{}/children", ::getpid()));
    for (const std::string_view word : split(text ? trim(*text) : std::string_view(), ' '))
        if (const Result<std::int64_t> pid = parse_number(word, 1, INT32_MAX))
            pids.push_back(static_cast<pid_t>(*pid));
    return pids;
}

Result<std::optional<Orphans>> Orphans::adopt(const sandbox::Plan& plan) {
    const bool joins = std::ranges::any_of(plan.joined, [](const sandbox::JoinedNamespace& ns) {
        return ns.kind.flag == CLONE_NEWPID;
    });
    if (joins || (plan.namespaces & CLONE_NEWPID) != 0) return std::optional<Orphans>();
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
        return Error::from_errno(errno, "adopt orphaned processes");
    return std::optional(Orphans(children()));
}

void Orphans::kill(pid_t spared) const {
    for (int round = 0; round < 1000; ++round) {
        std::vector<pid_t> left = children();
        std::erase_if(left, [&](pid_t pid) {
            return pid == spared || std::ranges::find(before_, pid) != before_.end();
        });
        if (left.empty()) return;
        for (const pid_t pid : left) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
        }
    }
}

Result<os::ExitStatus> reap(sandbox::Running& running, const std::optional<Orphans>& orphans) {
    const os::ExitStatus status = TRY(running.init.wait());
    if (running.mounts) os::kill_with_mounts(running.mounts);
    running.mounts.reset();
    if (orphans) orphans->kill(running.server ? running.server->pid() : 0);
    return status;
}

namespace {

class Supervisor {
public:
    explicit Supervisor(Supervision supervision) : s_(supervision) {}

    Result<Supervised> run() {
        os::Poll poll;
        poll.watch(s_.program.pidfd(), POLLIN, [&](short) -> Result<> {
            ended_ = true;
            return {};
        });
        poll.watch(s_.signals.fd(), POLLIN, [&](short) { return on_signal(); });
        if (s_.relay) s_.relay->join(poll);
        if (s_.keyboard) s_.keyboard->join(poll);
        while (!ended_ && !left())
            if (TRY(poll.wait(s_.deadline)) == os::Poll::Outcome::deadline_passed) {
                kill_program();
                s_.deadline.reset();
            }
        if (s_.relay) s_.relay->leave(poll);
        if (s_.keyboard) s_.keyboard->leave(poll);
        if (left()) return Supervised::left;
        if (s_.relay) s_.relay->drain();
        return Supervised::ended;
    }

private:
    bool left() const { return s_.relay && s_.relay->detached(); }

    Result<> on_signal() {
        constexpr int kPatience = 3;
        const int number = TRY(s_.signals.next());
        if (number == 0) return {};
        if (number == SIGWINCH && s_.relay)
            s_.relay->follow_size();
        else if (number == SIGTSTP)
            stop();
        else if ((number == SIGINT || number == SIGTERM) && ++asked_to_end_ >= kPatience)
            kill_program();
        else
            pass_on(number);
        return {};
    }

    // Until SIGCONT, which is passed on in its turn. A program with a terminal of its own is not
    // stopped: there its own key does that.
    void stop() const {
        if (s_.relay)
            s_.relay->suspend();
        else
            pass_on(SIGTSTP);
        ::raise(SIGSTOP);
        if (s_.relay) s_.relay->resume();
    }

    void pass_on(int number) const {
        const Result<> sent = s_.program.signal(number);
        if (!sent) log::debug("{}", sent.error().text());  // it has ended; the loop is about to see
    }
    void kill_program() const { pass_on(SIGKILL); }

    Supervision s_;
    bool ended_ = false;
    int asked_to_end_ = 0;
};

}  // namespace

Result<Supervised> supervise(Supervision supervision) { return Supervisor(supervision).run(); }

}  // namespace sbx::container
