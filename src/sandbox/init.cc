#include "sandbox/init.h"

#include <array>

#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/file.h"
#include "os/mount.h"
#include "os/process.h"
#include "os/signals.h"

namespace sbx::sandbox {

// A mount that is in no namespace, and goes with its descriptor at execve: nobody can find it to
// make it writable again, while the running program keeps it, and itself, read-only.
static Result<os::Fd> clone_read_only(const os::Fd& self, const std::string& path) {
    os::Fd mount = TRY(os::clone_mount(os::FdView::cwd(), path, os::Depth::this_one));
    const struct stat cloned = TRY(os::status_of(mount));
    const struct stat own = TRY(os::status_of(self));
    if (cloned.st_dev != own.st_dev || cloned.st_ino != own.st_ino)
        return Error(Error::Kind::not_found, "'{}' is another program now", path);
    TRY(os::restrict_mount(mount, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV));
    return mount;
}

static Result<os::Fd> copy_sealed(const os::Fd& self) {
    os::Fd copy(::memfd_create(kInitName, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!copy) return Error::from_errno(errno, "make memory for a copy of sbx");
    const struct stat status = TRY(os::status_of(self));
    for (off_t at = 0; at < status.st_size;)
        if (::sendfile(copy.get(), self.get(), &at,
                       static_cast<std::size_t>(status.st_size - at)) <= 0)
            return Error::from_errno(errno, "copy sbx itself");
    if (::fcntl(copy.get(), F_ADD_SEALS,
                F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
        return Error::from_errno(errno, "seal the copy of sbx");
    return copy;
}

// The running program's own path leads to a mount of the namespace it was started in, which cannot
// be cloned in this one: hence the way by name, and the copy where the name is somebody else's.
Result<InitProgram> open_init(const Plan& plan) {
    if (!plan.init) return InitProgram(os::Fd());
    const os::Fd self(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    if (!self) return Error::from_errno(errno, "open sbx itself");
    const std::string path = TRY(os::read_link(os::FdView::cwd(), "/proc/self/exe"));
    Result<os::Fd> mount = clone_read_only(self, path);
    if (mount) return InitProgram(*std::move(mount));
    return InitProgram(TRY(copy_sealed(self)));
}

Error InitProgram::execute(const std::string& file, const std::vector<std::string>& argv,
                           const std::vector<std::string>& env) const {
    std::vector<std::string> words = {kInitName, file};
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

int init_main(const std::vector<std::string>& argv) {
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
        fmt::print(stderr, "sbx: {}\n", error.text());
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
