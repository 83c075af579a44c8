#include "os/process.h"

#include <array>

#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"

namespace sbx::os {

Process::~Process() {
    if (pid_ <= 0) return;
    (void)signal(SIGKILL);  // by its pidfd: the pid may be somebody else's by now
    (void)wait();           // there is no status to keep
}

Result<ExitStatus> Process::wait() {
    if (pid_ <= 0) return Error(Error::Kind::failed, "the process was waited for already");
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0)
        if (errno != EINTR) return Error::from_errno(errno, "wait for process {}", pid_);
    pid_ = -1;
    return ExitStatus{.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status)};
}

Result<> Process::signal(int number) const { return send_signal(pidfd_, number); }

// A sibling reports its end as its parent's other child, the caller, does.
static clone_args arguments(const Spawn& where, int& pidfd) {
    clone_args args{};
    args.flags = where.namespaces | CLONE_PIDFD;
    args.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
    if (where.parent == Spawn::Parent::callers_own)
        args.flags |= CLONE_PARENT;
    else
        args.exit_signal = SIGCHLD;
    if (where.cgroup.get() >= 0) {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = static_cast<std::uint64_t>(where.cgroup.get());
    }
    return args;
}

// clone3 without CLONE_VM, as fork(2) is, but with namespaces and a pidfd that cannot be raced.
Result<Process> spawn(const Spawn& where, const std::function<void()>& child) {
    int pidfd = -1;
    const clone_args args = arguments(where, pidfd);
    const long pid = ::syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) {
        child();
        ::_exit(70);
    }
    if (pid >= 0) return Process(static_cast<pid_t>(pid), Fd(pidfd));
    Error error = Error::from_errno(errno, "start a process in {}",
                                    where.cgroup.get() >= 0 ? "its cgroup" : "new namespaces");
    if ((where.namespaces & CLONE_NEWUSER) == 0) return error;
    return std::move(error).hint("`sbx doctor` says what this machine lacks, and what mends it");
}

Result<Process> spawn(std::uint64_t namespaces, const std::function<void()>& child) {
    return spawn(Spawn{.namespaces = namespaces}, child);
}

static std::vector<char*> pointers(const std::vector<std::string>& strings) {
    std::vector<char*> out;
    out.reserve(strings.size() + 1);
    for (const std::string& s : strings)
        out.push_back(const_cast<char*>(s.c_str()));
    out.push_back(nullptr);
    return out;
}

static const std::vector<std::string>& fixed_environment() {
    static const std::vector<std::string> kEnvironment = {
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C"};
    return kEnvironment;
}

namespace {

// posix_spawn(3)'s list of what to do with descriptors, freed whatever happens.
class FileActions {
public:
    FileActions() { ::posix_spawn_file_actions_init(&list_); }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&list_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;

    void give(FdView fd, int number) {
        if (fd.get() < 0)
            ::posix_spawn_file_actions_addopen(&list_, number, "/dev/null", O_RDWR, 0);
        else
            ::posix_spawn_file_actions_adddup2(&list_, fd.get(), number);
    }
    void close_from(int first) { ::posix_spawn_file_actions_addclosefrom_np(&list_, first); }
    const posix_spawn_file_actions_t* list() const { return &list_; }

private:
    posix_spawn_file_actions_t list_{};
};

// That no signal is blocked or ignored in the program, whatever this process waits for.
class PlainSignals {
public:
    PlainSignals() {
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~PlainSignals() { ::posix_spawnattr_destroy(&attributes_); }
    PlainSignals(const PlainSignals&) = delete;
    PlainSignals& operator=(const PlainSignals&) = delete;

    const posix_spawnattr_t* attributes() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

}  // namespace

Result<Process> start(const Program& program) {
    FileActions files;
    files.give(program.input, 0);
    files.give(program.output, 1);
    files.give(program.errors, 2);
    files.close_from(3);
    const PlainSignals signals;
    pid_t pid = -1;
    const int err =
        ::posix_spawn(&pid, program.argv.front().c_str(), files.list(), signals.attributes(),
                      pointers(program.argv).data(), pointers(fixed_environment()).data());
    if (err != 0) return Error::from_errno(err, "run '{}'", program.argv.front());
    Result<Fd> pidfd = open_process(pid);
    if (!pidfd) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return std::move(pidfd).error();
    }
    return Process(pid, *std::move(pidfd));
}

Result<> enter_directory(const std::string& path) {
    if (::chdir(path.c_str()) == 0) return {};
    return Error::from_errno(errno, "enter '{}'", path);
}

Error execute(const std::string& file, const std::vector<std::string>& argv,
              const std::vector<std::string>& env) {
    ::execve(file.c_str(), pointers(argv).data(), pointers(env).data());
    const int err = errno;
    const bool missing = err == ENOENT || err == ENOTDIR;
    return Error::from_errno(err, "run '{}'", file)
        .as(missing ? Error::Kind::no_such_command : Error::Kind::not_executable);
}

Error execute_file(FdView file, const std::vector<std::string>& argv,
                   const std::vector<std::string>& env) {
    ::execveat(file.get(), "", pointers(argv).data(), pointers(env).data(), AT_EMPTY_PATH);
    return Error::from_errno(errno, "run '{}'", argv.front());
}

std::vector<std::string> environment() {
    std::vector<std::string> entries;
    for (char** entry = environ; entry && *entry; ++entry)
        entries.emplace_back(*entry);
    return entries;
}

Result<> die_with_parent() {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0) return {};
    return Error::from_errno(errno, "tie the process to its parent");
}

Result<std::uint64_t> start_time_of(pid_t pid) {
    const std::string text = TRY(read_proc(fmt::format("/proc/{}/stat", pid)));
    // The second field, the name, may hold anything; the fields after its last ')' are numbers.
    const auto fields = split(std::string_view(text).substr(text.rfind(')') + 1), ' ');
    constexpr std::size_t kStartTime = 20;  // field 22, counted from the one before field 3
    if (fields.size() <= kStartTime)
        return Error(Error::Kind::failed, "/proc/{}/stat is cut short", pid);
    return static_cast<std::uint64_t>(TRY(parse_number(fields[kStartTime], 0, INT64_MAX)));
}

template <class T>
static bool is_none(const Result<T>& looked_up) {
    return looked_up.failed_with(std::errc::no_such_process) ||
           looked_up.failed_with(std::errc::no_such_file_or_directory);
}

// /proc hides other users' processes where it is mounted with hidepid=1: proc(5). One that may be
// signalled is this user's, and hides itself.
static bool is_strangers(const Result<Fd>& process, const Result<std::uint64_t>& started) {
    const bool hidden = started.failed_with(std::errc::operation_not_permitted) ||
                        started.failed_with(std::errc::permission_denied);
    return hidden && process &&
           send_signal(*process, 0).failed_with(std::errc::operation_not_permitted);
}

// Where this process cannot look (it has no descriptor left, a filter is in its way), it is: what
// is taken for ended would be removed.
bool is_alive(pid_t pid, std::uint64_t start_time) {
    const Result<Fd> process = open_process(pid);
    const Result<std::uint64_t> started = start_time_of(pid);
    if (is_none(process) || is_none(started) || is_strangers(process, started)) return false;
    if (started && *started != start_time) return false;
    if (!process) return true;
    pollfd end{.fd = process->get(), .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, 0) == 0;
}

Result<Fd> open_process(pid_t pid) {
    Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd) return Error::from_errno(errno, "open process {}", pid);
    return pidfd;
}

Result<> send_signal(FdView pidfd, int number) {
    if (::syscall(SYS_pidfd_send_signal, pidfd.get(), number, nullptr, 0) == 0) return {};
    return Error::from_errno(errno, "send signal {}", number);
}

}  // namespace sbx::os
