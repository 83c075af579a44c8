#include "sandbox/child_program.h"

#include <algorithm>

#include <grp.h>
#include <limits.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/text.h"
#include "os/caps.h"
#include "os/file.h"
#include "os/mount.h"
#include "os/process.h"
#include "os/seccomp.h"
#include "os/signals.h"
#include "os/terminal.h"
#include "sandbox/child_mounts.h"
#include "sandbox/child_system.h"
#include "sandbox/seccomp_listener.h"

namespace sbx::sandbox {

std::vector<os::FdView> Stdio::for_parent() const {
    if (!master) return {};
    return {os::FdView(master)};
}

// A pipe to or from the program can be opened again by name (/dev/stdout) only by its owner. Files
// and terminals of the person stay the person's, and so does a FIFO in a folder.
static void give_pipes(const ResolvedIdentity& identity) {
    for (int fd = 0; fd <= 2; ++fd) {
        struct statfs status{};
        const bool nameless = ::fstatfs(fd, &status) == 0 &&
                              (status.f_type == PIPEFS_MAGIC || status.f_type == SOCKFS_MAGIC);
        if (nameless)
            (void)::fchown(fd, identity.uid, identity.gid);  // a convenience; the pipe works anyway
    }
}

// Before the program can ask. Of later changes the person's side tells; without a terminal there
// is no size to copy.
static void set_first_size(const Program& program, const os::Pty& pty) {
    if (program.window) {
        (void)os::set_window_size(pty.master, *program.window);
        return;
    }
    const Result<os::WindowSize> size = os::window_size(os::FdView::number(1));
    if (size) (void)os::set_window_size(pty.master, *size);
}

Result<Stdio> open_stdio(const Program& program, const os::Root& root,
                         const ResolvedIdentity& identity) {
    if (!program.terminal) {
        if (identity.uid != 0) give_pipes(identity);
        return Stdio{};
    }
    const os::Fd pts = TRY(root.open(os::InnerPath::clean("/dev/pts"), O_PATH | O_DIRECTORY));
    struct statfs status{};
    if (::fstatfs(pts.get(), &status) != 0 || status.f_type != DEVPTS_SUPER_MAGIC)
        return Error(Error::Kind::failed, "something else is mounted on '/dev/pts'");
    os::Pty pty = TRY(os::open_pty(pts));
    set_first_size(program, pty);
    if (::fchown(pty.slave.get(), identity.uid, static_cast<gid_t>(-1)) != 0)
        return Error::from_errno(errno, "give the terminal to user {}", identity.uid);
    return Stdio{.master = std::move(pty.master), .slave = std::move(pty.slave)};
}

Result<> make_console(const Stdio& stdio, const os::Root& root) {
    if (!stdio.slave) return {};
    const os::InnerPath path = os::InnerPath::clean("/dev/console");
    const os::Fd console = TRY(root.make_file(path));
    TRY(check_target(console, path));
    const os::Fd mount = TRY(os::clone_mount(stdio.slave, os::Depth::this_one));
    return os::attach_mount(mount, console);
}

// A session of its own, so that what happens to the terminal outside (a hang-up, a key) reaches
// the program through sbx alone.
static Result<> connect_stdio(const Stdio& stdio) {
    if (!stdio.slave) {
        if (::setsid() < 0) return Error::from_errno(errno, "begin a session");
        return {};
    }
    TRY(os::make_controlling_terminal(stdio.slave));
    for (int fd = 0; fd <= 2; ++fd)
        TRY(os::place_at(stdio.slave, fd));
    return {};
}

Result<> make_working_directory(const os::InnerPath& cwd, const os::Root& root) {
    Result<os::Fd> made = root.make_directories(cwd);
    if (made.failed_with(std::errc::read_only_file_system) ||
        made.failed_with(std::errc::permission_denied))
        return {};
    TRY(std::move(made), "entering the working directory");
    return {};
}

// A descriptor that leads outside would make "/proc/self/fd/N" a way out, and so would a working
// directory that is not below the new root (CVE-2024-21626): getcwd(3) tells.
static Result<> enter_working_directory(const os::InnerPath& cwd) {
    const os::Root root = TRY(os::Root::open("/"));
    const os::Fd directory = TRY(root.open(cwd, O_PATH | O_DIRECTORY));
    if (::fchdir(directory.get()) != 0) return Error::from_errno(errno, "enter '{}'", cwd.text());
    char buffer[PATH_MAX];
    if (!::getcwd(buffer, sizeof buffer) || buffer[0] != '/')
        return Error(Error::Kind::denied, "'{}' is outside the container", cwd.text());
    return {};
}

static Result<> set_groups(const Program& program, const Ready& ready) {
    if (program.identity.keep_groups) return {};
    const std::vector<gid_t> groups(ready.identity.groups.begin(), ready.identity.groups.end());
    if (::setgroups(groups.size(), groups.data()) == 0) return {};
    // One id alone was mapped without privilege: there are no groups to be had, nor to be lost. Of
    // a namespace that was joined nobody knows how it was mapped.
    const bool denied = ready.ids.writer == os::IdMap::Writer::self || ready.ids.uids.empty();
    if (errno == EPERM && denied) return {};
    return Error::from_errno(errno, "set the supplementary groups");
}

static Error unmapped(const os::IdMap& ids, const char* kind, std::uint32_t id) {
    return Error(Error::Kind::usage, "{} {} does not exist in the container", kind, id)
        .hint(ids.uids.size() == 1 && ids.uids.front().count == 1
                  ? "with a range in /etc/subuid and /etc/subgid there are more than one"
                  : "the range in /etc/subuid and /etc/subgid ends below it");
}

static Result<> become_user(const Ready& ready) {
    const auto& [uid, gid, groups, home] = ready.identity;
    if (::setresgid(gid, gid, gid) != 0) return unmapped(ready.ids, "group", gid);
    if (::setresuid(uid, uid, uid) != 0) return unmapped(ready.ids, "user", uid);
    return {};
}

static Result<> filter_calls(const Program& program, Line& line) {
    if (!program.filter) return {};
    const os::Fd listener = TRY(os::install_filter(*program.filter));
    return listener ? hand_over_listener(line, listener) : Result<>();
}

// The filter comes last. But without no_new_privs, which would keep set-user-ID programs in the
// container from working, it goes in while the process has the right to do so.
static Result<> drop_privileges(const Program& program, const Ready& ready, Line& line) {
    const os::Capabilities& left = ready.identity.uid == 0 ? program.of_root : program.of_others;
    TRY(os::limit_bounding_set(program.bounding));
    if (program.no_new_privileges) TRY(os::forbid_new_privileges());
    if (program.filter && !program.no_new_privileges) TRY(filter_calls(program, line));
    TRY(set_groups(program, ready));
    if (left.permitted != 0 && ready.identity.uid != 0) TRY(os::keep_capabilities());
    TRY(become_user(ready));
    return os::set_capabilities(left);
}

static Result<> install_last_filter(const Program& program, Line& line) {
    if (program.filter && program.no_new_privileges) return filter_calls(program, line);
    return {};
}

static std::vector<std::string> environment(const Program& program,
                                            const ResolvedIdentity& identity) {
    std::vector<std::string> env = program.env;
    const bool has_home =
        std::ranges::any_of(env, [](const std::string& e) { return e.starts_with("HOME="); });
    if (!has_home) env.push_back("HOME=" + identity.home);
    return env;
}

static std::string_view search_path(const std::vector<std::string>& env) {
    for (const std::string& entry : env)
        if (entry.starts_with("PATH=")) return std::string_view(entry).substr(5);
    return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

// As execvp(3): a name without a slash is looked for in PATH; what may not be run is passed over
// while there is hope.
static Result<std::string> find_program(const std::string& name, std::string_view path) {
    if (name.contains('/')) return name;
    bool denied = false;
    for (const std::string_view folder : split(path, ':')) {
        std::string candidate = fmt::format("{}/{}", folder.empty() ? "." : folder, name);
        struct stat status{};
        if (::stat(candidate.c_str(), &status) != 0 || S_ISDIR(status.st_mode)) continue;
        if (::access(candidate.c_str(), X_OK) == 0) return candidate;
        denied = true;
    }
    if (denied)
        return Error::from_errno(EACCES, "run '{}'", excerpt(name)).as(Error::Kind::not_executable);
    return Error(Error::Kind::no_such_command, "run '{}': it is not in the container's PATH ({})",
                 excerpt(name), excerpt(path, 200));
}

static Error explain_failure(Error error, const std::string& file) {
    if (error.is(std::errc::no_such_file_or_directory) && ::access(file.c_str(), F_OK) == 0)
        return std::move(error).hint(
            "the file is there; the interpreter or loader it names is not");
    if (error.is(std::errc::executable_format_error))
        return std::move(error).hint("it may be for another machine, or lack a '#!' line");
    return error;
}

// The parent is gone where its end of the line is closed: a death before die_with_parent() would
// go unnoticed.
static Result<> stay_only_with_parent(const Line& line) {
    TRY(os::die_with_parent());
    pollfd end{.fd = line.socket().get(), .events = 0, .revents = 0};
    if (::poll(&end, 1, 0) > 0 && (end.revents & POLLHUP) != 0)
        return Error(Error::Kind::failed, "sbx itself has ended");
    return {};
}

Result<> let_go(const Program& program, std::vector<os::FdView> more) {
    for (int fd = 0; fd < 3 + program.kept_descriptors; ++fd)
        more.push_back(os::FdView::number(fd));
    return os::close_all_but(std::move(more));
}

Result<> prepare_program(const Program& program, const Stdio& stdio) {
    TRY(connect_stdio(stdio));
    TRY(enter_working_directory(program.cwd), "entering the working directory");
    ::umask(program.umask);
    TRY(set_limits(program));
    return set_scheduling(program);
}

Result<> look_for_command(const Program& program, const ResolvedIdentity& identity) {
    const std::vector<std::string> env = environment(program, identity);
    const std::string file = TRY(find_program(program.argv.front(), search_path(env)));
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0)
        return Error::from_errno(errno, "run '{}'", file).as(Error::Kind::no_such_command);
    if (!S_ISDIR(status.st_mode) && ::access(file.c_str(), X_OK) == 0) return {};
    return Error::from_errno(EACCES, "run '{}'", file).as(Error::Kind::not_executable);
}

// They come from the image: they have the rights of the program and no more, and nothing of the
// environment that sbx has. Not those of this process after it has dropped its own: the filter of
// the program may not let it start any other.
static Result<> run_last_hooks(const Program& program, const Ready& ready, Line& line) {
    if (!ready.hooks) return {};
    const auto confine = [&]() -> Result<> {
        TRY(drop_privileges(program, ready, line));
        return install_last_filter(program, line);
    };
    return run_hooks(*ready.hooks,
                     {.name = "startContainer", .state = ready.state, .confine = confine});
}

Error become_program(const Program& program, const Ready& ready, Line& line) {
    TRY(ready.labels.take());
    TRY(run_last_hooks(program, ready, line));
    TRY(drop_privileges(program, ready, line), "dropping privileges");
    os::reset_signals();
    if (ready.dies_with_parent) TRY(stay_only_with_parent(line));

    const std::vector<std::string> env = environment(program, ready.identity);
    std::string file;
    if (!program.argv.empty() || !ready.init)
        file = TRY(find_program(program.argv.front(), search_path(env)));
    // Whatever the shell that started sbx had left open stays out of the container.
    TRY(os::close_on_exec_from(3 + program.kept_descriptors));
    for (int fd = 3; fd < 3 + program.kept_descriptors; ++fd)
        TRY(os::keep_across_exec(os::FdView::number(fd)));
    TRY(install_last_filter(program, line), "installing the filter of system calls");
    if (ready.init) return ready.init->execute(file, program.argv, env);
    return explain_failure(os::execute(file, program.argv, env), file);
}

}  // namespace sbx::sandbox
