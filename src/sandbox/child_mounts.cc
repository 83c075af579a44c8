#include "sandbox/child_mounts.h"

#include <algorithm>
#include <optional>

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "os/file.h"
#include "os/mount.h"
#include "os/process.h"
#include "sandbox/child_devices.h"
#include "sandbox/child_overlay.h"
#include "sandbox/child_secrets.h"
#include "sandbox/child_volume.h"
#include "sandbox/dev_links.h"

namespace sbx::sandbox {

// Where the image's link at `path` leads, by its text: in the image, whatever the text.
static std::optional<os::InnerPath> follow(const os::Root& root, const os::InnerPath& path) {
    const Result<os::Fd> parent = root.open(path.parent(), O_PATH | O_DIRECTORY);
    if (!parent || path.is_root()) return {};
    const Result<std::string> text = os::read_link(*parent, path.names().back());
    if (!text) return {};
    return os::InnerPath::clean(text->starts_with('/') ? *text
                                                       : path.parent().text() + "/" + *text);
}

// As a folder or as a file, like what is mounted. Images come with an /etc/resolv.conf that leads
// to what only a running system has: it is made.
static Result<os::Fd> make_target(const os::Root& root, os::InnerPath to, mode_t kind) {
    constexpr int kLinks = 40;  // path_resolution(7)
    for (int i = 0; i < kLinks; ++i) {
        Result<os::Fd> made = S_ISDIR(kind) ? root.make_directories(to) : root.make_file(to);
        if (!made.failed_with(std::errc::no_such_file_or_directory)) return made;
        std::optional<os::InnerPath> behind = follow(root, to);
        if (!behind) return made;
        to = *std::move(behind);
    }
    return Error::from_errno(ELOOP, "open '{}'", to.text());
}

Result<> check_target(const os::Fd& where, const os::InnerPath& to) {
    struct statfs status{};
    if (::fstatfs(where.get(), &status) != 0)
        return Error::from_errno(errno, "inspect '{}'", to.text());
    if (status.f_type != PROC_SUPER_MAGIC || os::InnerPath::clean("/proc").contains(to)) return {};
    return Error(Error::Kind::denied, "'{}' in the image leads into /proc", to.text());
}

// What is mounted on: made where it is missing.
static Result<os::Fd> target(const os::Root& root, const os::InnerPath& to, mode_t kind) {
    os::Fd where = TRY(make_target(root, to, kind));
    TRY(check_target(where, to));
    return where;
}

static Result<> check_is_no_link(const os::Root& root, const os::InnerPath& to) {
    const Result<os::Fd> there = root.open(to, O_PATH | O_NOFOLLOW);
    if (!there) return {};
    const struct stat status = TRY(os::status_of(*there), "'{}'", to.text());
    if (S_ISDIR(status.st_mode)) return {};
    return Error(Error::Kind::failed, "'{}' in the image is not a folder but a link", to.text());
}

// The folders that sbx itself fills may not be links of the image: all that comes later goes by
// the same name, and would go elsewhere.
static Result<os::Fd> real_directory(const os::Root& root, const os::InnerPath& to) {
    TRY(check_is_no_link(root, to));
    return root.make_directories(to);
}

// The folder /proc of the container can be the host's, where it shares its processes: that is what
// is bound there, and nothing else may be (CVE-2023-27561).
static Result<> check_is_proc(const os::Fd& mount, const Bind& m) {
    struct statfs status{};
    if (::fstatfs(mount.get(), &status) != 0)
        return Error::from_errno(errno, "inspect '{}'", m.from);
    if (m.to.text() != "/proc" || status.f_type == PROC_SUPER_MAGIC) return {};
    return Error(Error::Kind::denied, "'{}' is not the proc file system", m.from);
}

static bool changes(const os::Attributes& a) { return (a.set | a.clear | a.propagation) != 0; }

static Result<> change(const os::Fd& mount, const Bind& m) {
    if (changes(m.own)) TRY(os::change_mount(mount, m.own, os::Depth::this_one));
    if (changes(m.attributes)) TRY(os::change_mount(mount, m.attributes, os::Depth::and_below));
    return {};
}

static Result<> attach(const os::Fd& mount, const os::Fd& where, std::uint64_t propagation) {
    TRY(os::attach_mount(mount, where));
    if (propagation == 0) return {};
    return os::change_mount(mount, {.propagation = propagation}, os::Depth::this_one);
}

static Result<os::Fd> clone_source(const Bind& m) {
    if (m.below.is_root()) return clone_from_host(m);
    // The container may have written below `from` in an earlier life (CVE-2017-1002101).
    const os::Root volume = TRY(os::Root::open(m.from));
    const int flags = m.source_link == SourceLink::itself ? O_PATH | O_NOFOLLOW : O_PATH;
    const os::Fd below = TRY(volume.open(m.below, flags), "subpath");
    return os::clone_mount(os::FdView(below), m.depth);
}

// What is at `to` itself, be it a link: nothing is made where that leads.
static Result<os::Fd> link_or_target(const os::Root& root, const os::InnerPath& to, mode_t kind) {
    constexpr int kItself = O_PATH | O_NOFOLLOW;
    Result<os::Fd> there = root.open(to, kItself);
    if (there.failed_with(std::errc::no_such_file_or_directory)) {
        TRY(target(root, to, kind));
        there = root.open(to, kItself);
    }
    os::Fd where = TRY(std::move(there));
    TRY(check_target(where, to));
    return where;
}

// As crun does it: a link that is there already has to be the same one.
static Result<> copy_link(const std::string& text, const os::Root& root, const os::InnerPath& to) {
    const os::Fd folder = TRY(root.make_directories(to.parent()));
    TRY(check_target(folder, to));
    const std::string& name = to.names().back();
    if (::symlinkat(text.c_str(), folder.get(), name.c_str()) == 0) return {};
    if (errno != EEXIST) return Error::from_errno(errno, "make the link '{}'", to.text());
    const Result<std::string> there = os::read_link(folder, name);
    if (there && *there == text) return {};
    return Error(Error::Kind::exists, "'{}' is there and is not the link to '{}'", to.text(), text);
}

static Result<os::Fd> place_of(const Bind& m, const os::Root& root, mode_t kind) {
    if (m.over_link) return link_or_target(root, m.to, kind);
    const bool kernels = m.to.text() == "/proc" || m.to.text() == "/sys";
    return kernels && S_ISDIR(kind) ? real_directory(root, m.to) : target(root, m.to, kind);
}

static Result<> apply(const Bind& m, const os::Root& root, MountSources& sources) {
    if (m.source_link == SourceLink::copied)
        if (const Result<std::string> text = os::read_link(os::FdView::cwd(), m.from))
            return copy_link(*text, root, m.to);
    Result<os::Fd> cloned = opens_before(m) ? sources.take() : clone_source(m);
    if (m.optional && cloned.failed_with(std::errc::no_such_file_or_directory)) return {};
    const os::Fd mount = TRY(std::move(cloned));
    if (!mount) return {};  // it was not there before
    const struct stat status = TRY(os::status_of(mount));
    TRY(check_is_proc(mount, m));
    if (m.copy_up) TRY(copy_up(m, root, mount));
    TRY(change(mount, m));
    Result<os::Fd> where = place_of(m, root, status.st_mode);
    if (m.optional && where.failed_with(std::errc::no_such_file_or_directory)) return {};
    return os::attach_mount(mount, TRY(std::move(where)));
}

// Those of the folder that it is mounted over, as with other runtimes: the kernel's own would let
// everybody write.
static Result<std::vector<os::MountOption>> with_mode(std::vector<os::MountOption> options,
                                                      const os::Root& root,
                                                      const os::InnerPath& to) {
    if (std::ranges::find(options, "mode", &os::MountOption::name) != options.end()) return options;
    const Result<os::Fd> below = root.open(to, O_PATH | O_DIRECTORY);
    if (!below) return options;  // target() makes it, or says why not
    const struct stat status = TRY(os::status_of(*below), "'{}'", to.text());
    options.push_back({"mode", fmt::format("{:o}", status.st_mode & 07777)});
    return options;
}

static Result<> apply(const Tmpfs& m, const os::Root& root, MountSources& /*sources*/) {
    const std::vector<os::MountOption> options = TRY(with_mode(m.options, root, m.to));
    const os::Fd mount =
        TRY(os::new_mount("tmpfs", options, m.attributes & ~std::uint64_t{MOUNT_ATTR_RDONLY}));
    if (m.copy_up) TRY(copy_up(m.to, root, mount));
    if ((m.attributes & MOUNT_ATTR_RDONLY) != 0)
        TRY(os::change_mount(mount, {.set = MOUNT_ATTR_RDONLY}, os::Depth::this_one));
    const os::Fd where = TRY(target(root, m.to, S_IFDIR));
    return attach(mount, where, m.propagation);
}

// What fsconfig(2) cannot be told, mount(2) can: a path of its own in /proc leads to what is open.
static bool is_long(const os::MountOption& option) { return option.value.size() > 255; }

// The categories of a label stand between commas: mount(8), "context=".
static std::string value_of(const os::MountOption& option) {
    return option.name == "context" ? '"' + option.value + '"' : option.value;
}

static Result<> mount_by_text(const Special& m, const os::Fd& where) {
    std::string data;
    for (const os::MountOption& o : m.options)
        data += (data.empty() ? "" : ",") + o.name + (o.value.empty() ? "" : "=" + value_of(o));
    const std::string& source = m.source.empty() ? m.type : m.source;
    return os::mount_on(where, {.type = m.type, .source = source, .attributes = m.attributes},
                        data);
}

static Result<> set_label(const os::Fd& mount, const std::string& label) {
    const std::string path = fmt::format("/proc/self/fd/{}", mount.get());  // it is an O_PATH one
    if (::setxattr(path.c_str(), "security.selinux", label.data(), label.size(), 0) == 0) return {};
    return Error::from_errno(errno, "give it the SELinux label '{}'", label);
}

static Result<> apply(const Special& m, const os::Root& root, MountSources& /*sources*/) {
    if (std::ranges::any_of(m.options, is_long)) {
        const os::Fd where = TRY(real_directory(root, m.to));
        TRY(mount_by_text(m, where));
        if (m.propagation == 0) return {};
        const os::Fd mounted = TRY(root.open(m.to, O_PATH | O_DIRECTORY));
        return os::change_mount(mounted, {.propagation = m.propagation}, os::Depth::this_one);
    }
    const os::Fd mount = TRY(os::new_mount(
        {.type = m.type, .source = m.source, .options = m.options, .attributes = m.attributes}));
    const os::Fd where = TRY(real_directory(root, m.to));
    TRY(attach(mount, where, m.propagation));
    return m.label.empty() ? Result<>() : set_label(mount, m.label);
}

// In a folder of the root's own something can be there already: it stays.
static Result<> make_usual_links(os::FdView folder) {
    for (const DevLink& link : kDevLinks)
        if (::symlinkat(link.to, folder.get(), link.name) != 0 && errno != EEXIST)
            return Error::from_errno(errno, "link '{}'", link.name);
    return {};
}

static Result<> apply(const Dev& m, const os::Root& root, MountSources& /*sources*/) {
    if (!m.mounted) {
        const os::Fd folder = TRY(real_directory(root, m.to));
        if (::faccessat(folder.get(), ".", W_OK, AT_EACCESS) != 0) return {};  // it has what it has
        TRY(make_usual_links(folder));
        return make_usual_nodes(folder, m.nodes);
    }
    const os::Fd mount = TRY(os::new_mount(
        "tmpfs", m.options, m.attributes & ~std::uint64_t{MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV}));
    TRY(make_usual_links(mount));
    for (const char* name : {"pts", "shm", "mqueue"})
        if (::mkdirat(mount.get(), name, 0755) != 0)
            return Error::from_errno(errno, "make directory '{}'", name);
    const os::Fd where = TRY(real_directory(root, m.to));
    TRY(attach(mount, where, m.propagation));
    return make_usual_nodes(mount, m.nodes);
}

// Overlay alone wants two lower folders; a single layer needs none of it.
static Result<os::Fd> clone_layers(const Layers& m) {
    if (m.names.size() == 1)
        return os::clone_mount(os::FdView::cwd(), m.directory + "/" + m.names.front(),
                               os::Depth::this_one);
    const os::Fd before(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!before) return Error::from_errno(errno, "open '.'");
    TRY(os::enter_directory(m.directory));
    std::string lowers;
    for (const std::string& name : m.names)
        lowers += (lowers.empty() ? "" : ":") + name;
    // Mounted over its own topmost layer for a moment, where nobody else sees it.
    TRY(os::mount_overlay(m.names.front(), "userxattr,lowerdir=" + lowers));
    os::Fd mount = TRY(os::clone_mount(os::FdView::cwd(), m.names.front(), os::Depth::this_one));
    TRY(os::detach_mount(m.names.front()));
    if (::fchdir(before.get()) != 0)
        return Error::from_errno(errno, "go back from '{}'", m.directory);
    return mount;
}

static Result<> apply(const Layers& m, const os::Root& root, MountSources& /*sources*/) {
    const os::Fd mount = TRY(clone_layers(m));
    TRY(os::restrict_mount(mount, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID));
    const os::Fd where = TRY(target(root, m.to, S_IFDIR));
    return os::attach_mount(mount, where);
}

static Result<> apply(const Overlay& m, const os::Root& root, MountSources& /*sources*/) {
    const os::Fd where = TRY(target(root, m.to, S_IFDIR));
    return mount_overlay_on(where, m);
}

static Result<> apply(const Secrets& m, const os::Root& root, MountSources& /*sources*/) {
    const os::Fd where = TRY(target(root, m.to, S_IFDIR));
    return make_secrets(m, where,
                        [&](const os::InnerPath& to) { return target(root, to, S_IFREG); });
}

static Result<> apply(const Device& device, const os::Root& root) {
    if (device.from.empty() && device.node) {
        const os::Fd folder = TRY(root.make_directories(device.to.parent()));
        return make_node(folder, device.to.names().back(), *device.node);
    }
    const os::Fd mount = TRY(os::clone_mount(os::FdView::cwd(), device.from, os::Depth::this_one));
    const struct stat status = TRY(os::status_of(mount));
    if (!S_ISCHR(status.st_mode) && !S_ISBLK(status.st_mode))
        return Error(Error::Kind::usage, "'{}' is not a device", device.from);
    if (device.node && (status.st_rdev != ::makedev(device.node->major, device.node->minor) ||
                        (status.st_mode & S_IFMT) != device.node->kind))
        return Error(Error::Kind::usage, "'{}' of the host is another device", device.from);
    const os::Fd where = TRY(target(root, device.to, S_IFREG));
    return os::attach_mount(mount, where);
}

// A null device that is the kernel's, whoever may have put what at /dev/null (CVE-2025-31133).
static Result<os::Fd> open_null() {
    os::Fd null(::open("/dev/null", O_PATH | O_CLOEXEC | O_NOFOLLOW));
    if (!null) return Error::from_errno(errno, "open '/dev/null'");
    const struct stat status = TRY(os::status_of(null));
    if (!S_ISCHR(status.st_mode) || status.st_rdev != ::makedev(1, 3))
        return Error(Error::Kind::failed, "'/dev/null' is not the null device");
    return null;
}

namespace {

// What masked paths are covered with: the null device, and one empty folder for all of them.
class Covers {
public:
    static Result<Covers> open() {
        os::Fd null = TRY(open_null());
        os::Fd folder = TRY(os::new_mount(
            "tmpfs", {{"size", "0"}, {"nr_inodes", "2"}},
            MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC));
        return Covers(std::move(null), std::move(folder));
    }

    Result<> put_over(const os::Fd& where) {
        const struct stat status = TRY(os::status_of(where));
        const bool folder = S_ISDIR(status.st_mode);
        // Before Linux 6.15 a mount can only be cloned once it is attached.
        if (folder && !std::exchange(attached_, true)) return os::attach_mount(folder_, where);
        const os::Fd cover = TRY(
            os::clone_mount(folder ? os::FdView(folder_) : os::FdView(null_), os::Depth::this_one));
        return os::attach_mount(cover, where);
    }

private:
    Covers(os::Fd null, os::Fd folder) : null_(std::move(null)), folder_(std::move(folder)) {}

    os::Fd null_;
    os::Fd folder_;
    bool attached_ = false;
};

}  // namespace

static Result<> mask_all(const Plan& plan, const os::Root& root) {
    if (plan.masked.empty()) return {};
    Covers covers = TRY(Covers::open());
    for (const os::InnerPath& path : plan.masked) {
        Result<os::Fd> opened = root.open(path, O_PATH);
        if (opened.failed_with(std::errc::no_such_file_or_directory)) continue;
        const os::Fd where = TRY(std::move(opened), "masking '{}'", path.text());
        TRY(covers.put_over(where), "masking '{}'", path.text());
    }
    return {};
}

static Result<> make_read_only(const Plan& plan, const os::Root& root) {
    for (const os::InnerPath& path : plan.read_only) {
        Result<os::Fd> opened = root.open(path, O_PATH);
        if (opened.failed_with(std::errc::no_such_file_or_directory)) continue;
        const os::Fd where = TRY(std::move(opened), "making '{}' read-only", path.text());
        const os::Fd mount = TRY(os::clone_mount(os::FdView(where), os::Depth::and_below),
                                 "making '{}' read-only", path.text());
        TRY(os::restrict_mount(mount, MOUNT_ATTR_RDONLY), "making '{}' read-only", path.text());
        TRY(os::attach_mount(mount, where), "making '{}' read-only", path.text());
    }
    return {};
}

Result<> mount_all(const Plan& plan, const os::Root& root, MountSources sources) {
    for (const Mount& mount : plan.mounts)
        TRY(std::visit([&](const auto& m) { return apply(m, root, sources); }, mount), "{}",
            describe(mount));
    for (const Device& device : plan.devices)
        TRY(apply(device, root), "{}", describe(device));
    return {};
}

Result<> cover_all(const Plan& plan, const os::Root& root) {
    TRY(mask_all(plan, root));
    return make_read_only(plan, root);
}

}  // namespace sbx::sandbox
