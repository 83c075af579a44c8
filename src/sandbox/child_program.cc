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
#include "sandbox/child_system.h"

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
static void copy_window_size(const os::Pty& pty) {
    const Result<os::WindowSize> size = os::window_size(os::FdView::number(1));
    if (size) (void)os::set_window_size(pty.master, *size);
}

Result<Stdio> open_stdio(const Plan& plan, const os::Root& root, const ResolvedIdentity& identity) {
    if (!plan.terminal) {
        if (identity.uid != 0) give_pipes(identity);
        return Stdio{};
    }
    const os::Fd pts = TRY(root.open(os::InnerPath::clean("/dev/pts"), O_PATH | O_DIRECTORY));
    struct statfs status{};
    if (::fstatfs(pts.get(), &status) != 0 || status.f_type != DEVPTS_SUPER_MAGIC)
        return Error(Error::Kind::failed, "something else is mounted on '/dev/pts'");
    os::Pty pty = TRY(os::open_pty(pts));
    copy_window_size(pty);
    if (::fchown(pty.slave.get(), identity.uid, static_cast<gid_t>(-1)) != 0)
        return Error::from_errno(errno, "give the terminal to user {}", identity.uid);
    const os::Fd console = TRY(root.make_file(os::InnerPath::clean("/dev/console")));
    const os::Fd mount = TRY(os::clone_mount(pty.slave, os::Depth::this_one));
    TRY(os::attach_mount(mount, console), "making '/dev/console'");
    return Stdio{.master = std::move(pty.master), .slave = std::move(pty.slave)};
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

// A descriptor that leads outside would make "/proc/self/fd/N" a way out, and so would a working
// directory that is not below the new root (CVE-2024-21626): getcwd(3) tells.
static Result<> enter_working_directory(const os::InnerPath& cwd) {
    const os::Root root = TRY(os::Root::open("/"));
    const os::Fd directory = TRY(root.make_directories(cwd));
    if (::fchdir(directory.get()) != 0) return Error::from_errno(errno, "enter '{}'", cwd.text());
    char buffer[PATH_MAX];
    if (!::getcwd(buffer, sizeof buffer) || buffer[0] != '/')
        return Error(Error::Kind::denied, "'{}' is outside the container", cwd.text());
    return {};
}

static Result<> set_groups(const Plan& plan, const ResolvedIdentity& identity) {
    if (plan.identity.keep_groups) return {};
    const std::vector<gid_t> groups(identity.groups.begin(), identity.groups.end());
    if (::setgroups(groups.size(), groups.data()) == 0) return {};
    // One id alone was mapped without privilege: there are no groups to be had, nor to be lost.
    if (errno == EPERM && plan.ids.writer == os::IdMap::Writer::self) return {};
    return Error::from_errno(errno, "set the supplementary groups");
}

static Error unmapped(const Plan& plan, const char* kind, std::uint32_t id) {
    return Error(Error::Kind::usage, "{} {} does not exist in the container", kind, id)
        .hint(plan.ids.uids.size() == 1 && plan.ids.uids.front().count == 1
                  ? "with a range in /etc/subuid and /etc/subgid there are more than one"
                  : "the range in /etc/subuid and /etc/subgid ends below it");
}

static Result<> become_user(const Plan& plan, const ResolvedIdentity& identity) {
    TRY(set_groups(plan, identity));
    if (plan.ambient != 0) TRY(os::keep_capabilities());
    if (::setresgid(identity.gid, identity.gid, identity.gid) != 0)
        return unmapped(plan, "group", identity.gid);
    if (::setresuid(identity.uid, identity.uid, identity.uid) != 0)
        return unmapped(plan, "user", identity.uid);
    return {};
}

// The filter goes in while the process may still do so without no_new_privs, which would keep
// set-user-ID programs in the container from working.
static Result<> drop_privileges(const Plan& plan, const ResolvedIdentity& identity) {
    TRY(os::limit_bounding_set(plan.capabilities));
    if (plan.no_new_privileges) TRY(os::forbid_new_privileges());
    if (plan.filter && !plan.no_new_privileges) TRY(os::install_filter(*plan.filter));
    TRY(become_user(plan, identity));
    if (identity.uid == 0)
        TRY(os::set_capabilities({.permitted = plan.capabilities}));
    else
        TRY(os::set_capabilities({.permitted = plan.ambient, .ambient = plan.ambient}));
    if (plan.filter && plan.no_new_privileges) TRY(os::install_filter(*plan.filter));
    return {};
}

static std::vector<std::string> environment(const Plan& plan, const ResolvedIdentity& identity) {
    std::vector<std::string> env = plan.env;
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
        return Error(Error::Kind::not_executable, "run '{}': it may not be executed",
                     excerpt(name));
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
static Result<> stay_only_with_parent(const Plan& plan, const Line& line) {
    if (!plan.dies_with_parent) return {};
    TRY(os::die_with_parent());
    pollfd end{.fd = line.socket().get(), .events = 0, .revents = 0};
    if (::poll(&end, 1, 0) > 0 && (end.revents & POLLHUP) != 0)
        return Error(Error::Kind::failed, "sbx itself has ended");
    return {};
}

// The image names its program, also as "/proc/self/fd/3/..": no folder of the host's may be open
// when that is looked for (CVE-2024-21626), whoever left it open.
static Result<> let_go_of_the_host(const Plan& plan, const Ready& ready, const Line& line) {
    std::vector<os::FdView> kept = {line.socket()};
    for (int fd = 0; fd < 3 + plan.kept_descriptors; ++fd)
        kept.push_back(os::FdView::number(fd));
    if (plan.init) kept.push_back(ready.init.file());
    return os::close_all_but(std::move(kept));
}

Error become_program(const Plan& plan, const Ready& ready, const Line& line) {
    TRY(connect_stdio(ready.stdio));
    TRY(enter_working_directory(plan.cwd), "entering the working directory");
    TRY(let_go_of_the_host(plan, ready, line));
    ::umask(plan.umask);
    TRY(set_limits(plan));

    TRY(drop_privileges(plan, ready.identity), "dropping privileges");
    os::reset_signals();
    TRY(stay_only_with_parent(plan, line));

    const std::vector<std::string> env = environment(plan, ready.identity);
    const std::string file = TRY(find_program(plan.argv.front(), search_path(env)));
    for (int fd = 3; fd < 3 + plan.kept_descriptors; ++fd)
        TRY(os::keep_across_exec(os::FdView::number(fd)));
    if (plan.init) return ready.init.execute(file, plan.argv, env);
    return explain_failure(os::execute(file, plan.argv, env), file);
}

}  // namespace sbx::sandbox
