#include "sandbox/child_root.h"

#include <fcntl.h>

#include "os/file.h"
#include "os/mount.h"
#include "os/process.h"
#include "os/tree.h"

namespace sbx::sandbox {

static Result<os::Root> mount(const OverlayRoot& r, Line& /*line*/) {
    TRY(os::enter_directory(r.directory));
    TRY(os::mount_overlay(r.mount_point, r.options));
    return os::Root::open(r.mount_point);
}

// The mount is made here, in the container's namespaces, from a /dev/fuse opened here; the program
// that answers it runs beside sbx, where the container cannot see it. fuse(4).
static Result<os::Root> mount(const FuseRoot& r, Line& line) {
    TRY(os::enter_directory(r.directory));
    os::Fd fuse(::open("/dev/fuse", O_RDWR | O_CLOEXEC));
    if (!fuse) return Error::from_errno(errno, "open '/dev/fuse'");
    TRY(os::mount_fuse("fuse.fuse-overlayfs", r.mount_point, fuse));
    TRY(line.say(Verb::serve, {os::FdView(fuse)}));
    fuse.reset();  // the program's copy must be the last one, or nobody would notice its end
    TRY(line.expect(Verb::serving), "waiting for fuse-overlayfs");
    os::Root root = TRY(os::Root::open(r.mount_point));
    TRY(os::status_of(root.directory()), "'{}' does not serve it", r.program);
    return root;
}

// finish_root() makes the top read-only once all is mounted on it.
static Result<> make_read_only_below(const os::Fd& clone) {
    TRY(os::change_mount(clone, {.set = MOUNT_ATTR_RDONLY}, os::Depth::and_below));
    // Fails where the top was read-only outside already: then nothing has to be made in it.
    (void)os::change_mount(clone, {.clear = MOUNT_ATTR_RDONLY}, os::Depth::this_one);
    return {};
}

// A new root has to be a mount of its own, so it is mounted on itself. Its path may lead to what is
// below it still, as "/" does.
static Result<os::Root> mount(const DirectoryRoot& r, Line& /*line*/) {
    os::Fd clone = TRY(os::clone_mount(r.path));
    TRY(os::change_mount(clone, {.propagation = r.propagation}, os::Depth::and_below));
    if (r.read_only_below) TRY(make_read_only_below(clone));
    const os::Root below = TRY(os::Root::open(r.path));
    TRY(os::attach_mount(clone, below.directory()));
    return os::Root::of(std::move(clone));
}

// Copied beside and renamed, so that a copy that was cut short is not taken for a whole one.
static Result<> copy_layers(const CopiedRoot& r) {
    const std::string beside = r.target + ".part";
    TRY(os::remove_tree(os::FdView::cwd(), beside));
    const os::Fd target = TRY(os::make_directory(os::FdView::cwd(), beside, 0755));
    for (const std::string& layer : r.layers) {
        const os::Root from = TRY(os::Root::open(layer));
        TRY(os::copy_tree(from.directory(), target, os::OverlayMarks::apply), "copying a layer");
    }
    return os::rename_at(os::FdView::cwd(), beside, r.target);
}

static Result<os::Root> mount(const CopiedRoot& r, Line& line) {
    TRY(os::enter_directory(r.directory));
    if (!os::exists_at(os::FdView::cwd(), r.target)) TRY(copy_layers(r));
    return mount(DirectoryRoot{.path = r.target}, line);
}

Result<os::Root> mount_root(const Root& root, Line& line) {
    return std::visit([&](const auto& r) { return mount(r, line); }, root);
}

Result<> set_root_propagation(const Plan& plan) {
    if (plan.root_propagation.propagation == 0) return {};
    const os::Fd top(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!top) return Error::from_errno(errno, "open '/'");
    return os::change_mount(top, plan.root_propagation, plan.root_propagation_depth);
}

// Devices, the console and hooks have put into it what is theirs.
static Result<> finish_dev(const Dev& dev, const os::Root& root) {
    if ((dev.attributes & MOUNT_ATTR_RDONLY) == 0) return {};
    const os::Fd top = TRY(root.open(dev.to, O_PATH | O_DIRECTORY));
    return os::change_mount(top, {.set = MOUNT_ATTR_RDONLY}, os::Depth::this_one);
}

Result<> finish_root(const Plan& plan, const os::Root& root) {
    for (const Mount& mount : plan.mounts)
        if (const auto* dev = std::get_if<Dev>(&mount))
            TRY(finish_dev(*dev, root), "making '{}' read-only", dev->to.text());
    if (!plan.root_read_only) return {};
    const os::Fd top = TRY(root.open(os::InnerPath(), O_PATH | O_DIRECTORY));
    return os::change_mount(top, {.set = MOUNT_ATTR_RDONLY}, os::Depth::this_one);
}

}  // namespace sbx::sandbox
