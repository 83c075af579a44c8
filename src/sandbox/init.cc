#include "sandbox/init.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/file.h"
#include "os/process.h"
#include "os/sealed_self.h"
#include "os/signals.h"

namespace sbx::sandbox {

Result<InitProgram> open_init(const Plan& plan) {
    if (!plan.init) return InitProgram(os::Fd());
    return InitProgram(TRY(os::sealed_self()));
}

Error InitProgram::execute(const std::string& file, const std::vector<std::string>& argv,
                           const std::vector<std::string>& env) const {
    std::vector<std::string> words = {kInitName};
    if (!file.empty()) words.push_back(file);
    words.insert(words.end(), argv.begin(), argv.end());
    return os::execute_file(file_, words, env);
}

// Everything but what is about the process itself, or cannot be caught.
static sigset_t passed_on() {
    sigset_t set;
    ::sigfillset(&set);
    for (const int number : {SIGCHLD, SIGKILL, SIGSTOP, SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGABRT,
                             SIGTRAP, SIGSYS, SIGTTIN, SIGTTOU})
        ::sigdelset(&set, number);
    return set;
}

static int status_code(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Reaps every child that has ended; the status of `program` where it was among them.
static int reap(pid_t program) {
    int code = -1;
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
        if (pid == program) code = status_code(status);
    return code;
}

// Where the process namespace is shared, too, it is left the orphans of all.
static int keep_namespaces() {
    sigset_t waited;
    ::sigemptyset(&waited);
    for (const int number : {SIGTERM, SIGINT, SIGCHLD})
        ::sigaddset(&waited, number);
    ::sigprocmask(SIG_BLOCK, &waited, nullptr);
    for (;;) {
        int number = 0;
        if (::sigwait(&waited, &number) != 0) continue;
        if (number != SIGCHLD) return 0;
        (void)reap(0);
    }
}

int init_main(const std::vector<std::string>& argv) {
    if (argv.size() == 1) return keep_namespaces();
    if (argv.size() < 3) return 125;
    sigset_t waited = passed_on();
    ::sigaddset(&waited, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &waited, nullptr);
    const pid_t program = ::fork();
    if (program < 0) return 125;
    if (program == 0) {
        os::reset_signals();
        // In the foreground of the terminal, if there is one, as it would be without an init.
        ::setpgid(0, 0);
        ::signal(SIGTTOU, SIG_IGN);
        ::tcsetpgrp(0, ::getpid());
        ::signal(SIGTTOU, SIG_DFL);
        const Error error = os::execute(argv[1], {argv.begin() + 2, argv.end()}, os::environment());
        (void)os::write_all(os::FdView::number(2), fmt::format("sbx: {}\n", error.text()));
        ::_exit(error.kind() == Error::Kind::no_such_command ? 127 : 126);
    }
    for (;;) {
        int number = 0;
        if (::sigwait(&waited, &number) != 0) continue;
        if (number != SIGCHLD) {
            ::kill(program, number);
            continue;
        }
        if (const int code = reap(program); code >= 0) return code;
    }
}

}  // namespace sbx::sandbox
