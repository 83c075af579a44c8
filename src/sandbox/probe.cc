#include "sandbox/probe.h"

#include <sched.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "os/file.h"
#include "os/mount.h"
#include "os/random.h"
#include "os/socket.h"
#include "os/tree.h"

namespace sbx::sandbox {

// A letter a facility, from the child that tried them.
static constexpr char kMounts = 'm';
static constexpr char kProc = 'p';
static constexpr char kSysfs = 's';
static constexpr char kOverlay = 'o';

// A folder removed and made again needs a whiteout and an opaque mark: what overlay must be able to
// do there.
static bool try_overlay(const std::string& folder) {
    if (!os::enter_directory(folder)) return false;
    for (const char* name : {"lower", "upper", "work", "merged", "lower/dir"})
        if (!os::make_directory(os::FdView::cwd(), name, 0755)) return false;
    if (!os::mount_overlay("merged", "userxattr,lowerdir=lower,upperdir=upper,workdir=work"))
        return false;
    return os::remove_tree(os::FdView::cwd(), "merged/dir") &&
           os::make_directory(os::FdView::cwd(), "merged/dir", 0755);
}

// Whether a mount is to be had. Only EPERM says that it never is: mount_namespaces(7), "fully
// visible". After any other failure the container's own start will say what is wrong, rather than
// go without its process namespace.
static bool not_refused(const Result<os::Fd>& mount) {
    return !mount.failed_with(std::errc::operation_not_permitted);
}

static std::string try_mounts(const std::string& folder) {
    std::string letters;
    if (!os::make_mounts_private()) return letters;
    letters += kMounts;
    if (not_refused(os::new_mount("proc", {}))) letters += kProc;
    if (not_refused(os::new_mount("sysfs", {}))) letters += kSysfs;
    if (!folder.empty() && try_overlay(folder)) letters += kOverlay;
    return letters;
}

static Result<std::string> letters_of_child(const os::IdMap& ids, const std::string& folder) {
    os::SocketPair ends = TRY(os::open_socket_pair());
    const std::uint64_t namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC;
    os::Process child = TRY(os::spawn_mapped(ids, namespaces, [&] {
        (void)os::send_message(ends.other, try_mounts(folder) + ".");  // no answer: no facility
        ::_exit(0);
    }));
    ends.other.reset();  // the child's is the last one, for its death to be heard
    TRY(child.wait());
    const auto message = TRY(os::receive_message(ends.one));
    return message ? message->bytes : std::string();
}

static std::string fuse_overlayfs() {
    if (::access("/dev/fuse", R_OK | W_OK) != 0) return {};
    for (const char* path : {"/usr/bin/fuse-overlayfs", "/usr/local/bin/fuse-overlayfs"})
        if (::access(path, X_OK) == 0) return path;
    return {};
}

bool is_pure_cgroup2() {
    struct statfs status{};
    return ::statfs("/sys/fs/cgroup", &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC;
}

static std::string make_folder(const std::string& directory) {
    const std::string folder = fmt::format("{}/.probe-{}", directory, os::random_hex(12));
    return os::make_directory(os::FdView::cwd(), folder, 0755) ? folder : "";
}

Facilities probe(const os::IdMap& ids, const std::string& directory) {
    const std::string folder = make_folder(directory);
    const Result<std::string> letters = letters_of_child(ids, folder);
    if (!folder.empty()) (void)os::remove_tree(os::FdView::cwd(), folder);  // prune finds the rest

    Facilities found{.pure_cgroup2 = is_pure_cgroup2(), .fuse_program = fuse_overlayfs()};
    if (!letters) {
        found.no_namespaces = letters.error().text();
        return found;
    }
    const auto has = [&](char letter) { return letters->contains(letter); };
    if (!has(kMounts)) found.no_namespaces = "mounting in a user namespace is refused";
    found.own_proc = has(kProc);
    found.own_sysfs = has(kSysfs);
    found.overlay = has(kOverlay);
    return found;
}

}  // namespace sbx::sandbox
