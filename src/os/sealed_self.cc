#include "os/sealed_self.h"

#include <cstdlib>
#include <utility>

#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/mount.h"
#include "os/process.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U  // since Linux 6.3
#endif

namespace sbx::os {

static Result<Fd> open_self() {
    Fd self(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    if (!self) return Error::from_errno(errno, "open the running program");
    return self;
}

// A mount that stands somewhere can be mounted anew, to be written to.
static Result<bool> is_mounted_anywhere(const Fd& program) {
    struct statx status{};
    if (::statx(program.get(), "", AT_EMPTY_PATH, STATX_MNT_ID, &status) != 0)
        return Error::from_errno(errno, "inspect the program's mount");
    const std::string mounts = TRY(read_proc("/proc/self/mountinfo"));
    const std::string beginning = fmt::format("{} ", status.stx_mnt_id);
    return mounts.starts_with(beginning) || mounts.contains("\n" + beginning);
}

static Result<bool> is_on_read_only_mount(const Fd& program) {
    struct statvfs status{};
    if (::fstatvfs(program.get(), &status) != 0)
        return Error::from_errno(errno, "inspect the program's file system");
    return (status.f_flag & ST_RDONLY) != 0;
}

static bool is_sealed_memory(const Fd& program) {
    constexpr int kSeals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
    const int seals = ::fcntl(program.get(), F_GET_SEALS);
    return seals >= 0 && (seals & kSeals) == kSeals;
}

// Containers of root may run as root. Those of others are nobody whose file this is; an access
// control list that gave somebody a right to write would show in the bits of the group.
static Result<bool> is_out_of_reach(const Fd& program) {
    const struct stat status = TRY(status_of(program));
    if (::geteuid() != 0 && status.st_uid == 0 && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return true;
    if (is_sealed_memory(program)) return true;
    return TRY(is_on_read_only_mount(program)) && !TRY(is_mounted_anywhere(program));
}

// By name: the mount that the program was started from can be cloned in the namespace it belongs
// to alone.
static Result<Fd> clone_read_only(const Fd& self, const std::string& path) {
    Fd mount = TRY(clone_mount(FdView::cwd(), path, Depth::this_one));
    const struct stat cloned = TRY(status_of(mount));
    const struct stat own = TRY(status_of(self));
    if (cloned.st_dev != own.st_dev || cloned.st_ino != own.st_ino)
        return Error(Error::Kind::not_found, "'{}' is another program now", path);
    TRY(restrict_mount(mount, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV));
    return mount;
}

static Result<> place_clone(const Fd& self, const std::string& path, FdView where) {
    const Fd mount = TRY(clone_read_only(self, path));
    if (::dup3(mount.get(), where.get(), O_CLOEXEC) >= 0) return {};
    return Error::from_errno(errno, "hand on a mount");
}

// By a process that has the rights for it in namespaces of its own. It shares the descriptors, and
// so puts the mount where there was a copy of `self`; its own are closed, for it shares them, too.
static Result<Fd> clone_in_own_namespaces(const Fd& self, const std::string& path) {
    Fd shared = TRY(duplicate(self));
    Process maker = TRY(spawn(CLONE_NEWUSER | CLONE_NEWNS | CLONE_FILES, [&] {
        const Result<> placed = place_clone(self, path, shared);
        if (!placed) log::debug("{}", placed.error().text());
        ::_exit(placed ? 0 : 1);
    }));
    const ExitStatus status = TRY(maker.wait());
    if (status.code != 0) return Error(Error::Kind::denied, "a read-only mount is refused");
    return shared;
}

static Result<Fd> read_only_mount(const Fd& self, const std::string& path) {
    Result<Fd> mount = clone_read_only(self, path);
    return mount ? std::move(mount) : clone_in_own_namespaces(self, path);
}

// Kernels that do not know the flag need none to execute it.
static Result<Fd> make_memory() {
    for (const unsigned flag : {MFD_EXEC, 0U}) {
        Fd memory(::memfd_create("sbx", MFD_CLOEXEC | MFD_ALLOW_SEALING | flag));
        if (memory) return memory;
        if (errno != EINVAL) break;
    }
    return Error::from_errno(errno, "make memory for a copy of the program");
}

static Result<Fd> copy_sealed(const Fd& self) {
    Fd copy = TRY(make_memory());
    const struct stat status = TRY(status_of(self));
    for (off_t at = 0; at < status.st_size;) {
        const auto left = static_cast<std::size_t>(status.st_size - at);
        const ssize_t sent = ::sendfile(copy.get(), self.get(), &at, left);
        if (sent <= 0) return Error::from_errno(sent == 0 ? EIO : errno, "copy the program");
    }
    if (::fcntl(copy.get(), F_ADD_SEALS,
                F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
        return Error::from_errno(errno, "seal the copy of the program");
    return copy;
}

Result<Fd> sealed(Fd program, const std::string& path) {
    if (TRY(is_out_of_reach(program))) return program;
    Result<Fd> mount = read_only_mount(program, path);
    if (mount && TRY(is_on_read_only_mount(*mount))) return mount;
    if (!mount) log::debug("{}", mount.error().text());
    return copy_sealed(program);
}

Result<Fd> sealed_self() {
    Fd self = TRY(open_self());
    const std::string path = TRY(read_link(FdView::cwd(), "/proc/self/exe"));
    return sealed(std::move(self), path);
}

// The kernel makes it "3" of the descriptor that is executed: what people look for is the name.
static void take_name(const std::string& program) {
    const std::string name = program.substr(program.rfind('/') + 1);
    (void)::prctl(PR_SET_NAME, name.c_str());
}

static Result<std::vector<std::string>> arguments() {
    std::string words = TRY(read_proc("/proc/self/cmdline"));
    if (words.ends_with('\0')) words.pop_back();
    const std::vector<std::string_view> parts = split(words, '\0');
    return std::vector<std::string>(parts.begin(), parts.end());
}

// In its environment the program finds that it was executed by itself, which is to happen once.
static constexpr const char* kMarker = "_SBX_SEALED";

Result<> run_sealed() {
    const bool again = std::getenv(kMarker) != nullptr;
    ::unsetenv(kMarker);
    const Fd self = TRY(open_self());
    const bool done = TRY(is_out_of_reach(self));
    if (done && !again) return {};
    const std::vector<std::string> argv = TRY(arguments());
    if (done) return take_name(argv.front()), Result<>();
    if (again) return Error(Error::Kind::failed, "sbx can be written to, sealed as it was");
    Result<Fd> program = sealed_self();
    if (!program)
        return std::move(program)
            .error()
            .context("keeping sbx out of its containers' reach")
            .hint("an sbx that belongs to root, run by another user, needs no copy");
    std::vector<std::string> env = environment();
    env.push_back(fmt::format("{}=1", kMarker));
    return execute_file(*program, argv, env);
}

}  // namespace sbx::os
