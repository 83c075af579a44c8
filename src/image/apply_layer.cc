#include "image/apply_layer.h"

#include <sys/stat.h>

#include "archive/tar.h"
#include "archive/whiteout.h"
#include "base/text.h"
#include "image/layer_content.h"
#include "image/layer_tree.h"
#include "os/file.h"

namespace sbx::image {

namespace {

using archive::Entry;
using archive::TarReader;
using archive::Whiteout;

// The modes that a layer records are set as they are, whatever this process was started with.
class NoUmask {
public:
    NoUmask() : before_(::umask(0)) {}
    ~NoUmask() { ::umask(before_); }
    NoUmask(const NoUmask&) = delete;
    NoUmask& operator=(const NoUmask&) = delete;

private:
    mode_t before_;
};

// A layer under way: its archive, the tree, and what may still be written to it.
struct Application {
    const os::Root& root;
    Ownership ownership;
    TarReader tar;
    LayerTree tree;
    Quota quota;
    AppliedLayer applied = {};
};

// Set-id bits go with a change of owner and with a write, so they are set behind both.
constexpr std::uint32_t kSetIds = S_ISUID | S_ISGID;

}  // namespace

// Order: chown(2) drops capabilities and set-id bits, and everything but itself changes the time.
static Result<> finish(const Application& to, const Entry& entry, os::FdView file) {
    const Owner owner = owner_of(entry, to.ownership);
    if (!owner.is_root()) TRY(give_to(owner, file));
    TRY(set_attributes(file, entry, to.ownership));
    if ((entry.mode & kSetIds) != 0 && ::fchmod(file.get(), entry.mode) != 0)
        return Error::from_errno(errno, "set its mode");
    return set_time(entry.modified, file);
}

// What cannot be opened: links and FIFOs.
static Result<> finish_name(Application& to, const Entry& entry, const LayerPath& path) {
    const os::FdView folder = TRY(to.tree.folder(path.parent));
    const Owner owner = owner_of(entry, to.ownership);
    if (!owner.is_root()) TRY(give_to(owner, folder, path.name));
    return set_time(entry.modified, folder, path.name);
}

static Result<> make_regular(Application& to, const Entry& entry, const LayerPath& path) {
    os::Fd file;
    TRY(to.tree.make_at(path, [&](int folder) {
        file = os::Fd(::openat(folder, path.name.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                               entry.mode & ~kSetIds));
        return file ? 0 : -1;
    }));
    if (entry.size != 0) TRY(write_content(to.tar, entry, file, to.quota));
    return finish(to, entry, file);
}

static Result<> make_symbolic_link(Application& to, const Entry& entry, const LayerPath& path) {
    TRY(to.tree.make_at(path, [&](int folder) {
        return ::symlinkat(entry.target.c_str(), folder, path.name.c_str());
    }));
    return finish_name(to, entry, path);
}

static Result<> make_fifo(Application& to, const Entry& entry, const LayerPath& path) {
    TRY(to.tree.make_at(path, [&](int folder) {
        return ::mknodat(folder, path.name.c_str(), S_IFIFO | (entry.mode & 01777), 0);
    }));
    return finish_name(to, entry, path);
}

// The file that a hard link names, which is in this layer, opened as the place it is at: a symbolic
// link is linked to itself, and nothing else may be linked to.
static Result<struct stat> status_of_target(const os::Root& root, const LayerPath& target) {
    const std::string path = target.text();
    const Result<os::Fd> file = root.open_relative(path, O_PATH | O_NOFOLLOW);
    if (!file)
        return Error(Error::Kind::failed, "it links to '{}', which the layer does not have",
                     excerpt(path));
    const struct stat status = TRY(os::status_of(*file));
    if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
        return Error(Error::Kind::failed, "it links to '{}', which is no file", excerpt(path));
    return status;
}

// A hard link's header is as good as its target's: what it says of owner, mode and time holds now.
static Result<> make_hard_link(Application& to, const Entry& entry, const LayerPath& path) {
    const LayerPath target = TRY(parse_layer_path(entry.target), "its link");
    if (target.text() == path.text())
        return Error(Error::Kind::failed, "it is a hard link to itself");
    const struct stat status = TRY(status_of_target(to.root, target));
    const os::Fd from = TRY(
        to.root.open_relative(target.parent.empty() ? "." : target.parent, O_PATH | O_DIRECTORY));
    TRY(to.tree.make_at(path, [&](int folder) {
        return ::linkat(from.get(), target.name.c_str(), folder, path.name.c_str(), 0);
    }));
    if (S_ISLNK(status.st_mode)) return finish_name(to, entry, path);
    const os::FdView folder = TRY(to.tree.folder(path.parent));
    const os::Fd file(::openat(folder.get(), path.name.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file) return Error::from_errno(errno, "open it");
    if (::fchmod(file.get(), entry.mode) != 0) return Error::from_errno(errno, "set its mode");
    return finish(to, entry, file);
}

static Result<> make_directory(Application& to, const Entry& entry, const LayerPath& path) {
    TRY(to.tree.make_folder(path, entry));
    if (entry.attributes.empty()) return {};
    const os::Fd folder = TRY(to.tree.real_folder(path.text(), O_RDONLY));
    return set_attributes(folder, entry, to.ownership);
}

static Result<> make(Application& to, const Entry& entry, const LayerPath& path) {
    switch (entry.kind) {
        case Entry::Kind::regular: return make_regular(to, entry, path);
        case Entry::Kind::hard_link: return make_hard_link(to, entry, path);
        case Entry::Kind::symbolic_link: return make_symbolic_link(to, entry, path);
        case Entry::Kind::fifo: return make_fifo(to, entry, path);
        case Entry::Kind::directory: return make_directory(to, entry, path);
        // A container gets its own devices, and nobody may make them here.
        case Entry::Kind::character_device:
        case Entry::Kind::block_device: return {};
    }
    return {};
}

// Overlay does not ask the root of a lower folder whether it is opaque: whoever lists the layers
// for it leaves out those below.
static Result<> hide_all_in(Application& to, const std::string& folder) {
    if (!folder.empty()) return to.tree.hide_all_in(folder);
    to.applied.hides_below = true;
    return {};
}

static Result<> place_whiteout(Application& to, const Whiteout& whiteout, const LayerPath& path) {
    switch (whiteout.kind) {
        case Whiteout::Kind::opaque: return hide_all_in(to, path.parent);
        case Whiteout::Kind::hides:
            return to.tree.hide({.parent = path.parent, .name = std::string(whiteout.name)});
        default: return {};
    }
}

static Result<> place(Application& to, const Entry& entry) {
    const LayerPath path = TRY(parse_layer_path(entry.path));
    if (path.is_top() && entry.kind != Entry::Kind::directory)
        return Error(Error::Kind::failed, "it would replace the root of the layer");
    if (path.parent.starts_with(".wh.") || path.parent.contains("/.wh."))
        return Error(Error::Kind::failed, "it is below a whiteout");
    const Whiteout whiteout = TRY(archive::classify_whiteout(path.name));
    if (whiteout.kind != Whiteout::Kind::none) return place_whiteout(to, whiteout, path);
    return make(to, entry, path);
}

Result<AppliedLayer> apply_layer(archive::Reader& layer, const os::Root& tree,
                                 const LayerPolicy& policy) {
    const NoUmask no_umask;
    const Quota quota = TRY(Quota::open(tree.directory(), policy.limits.bytes));
    Application to{.root = tree,
                   .ownership = policy.ownership,
                   .tar = TarReader(layer),
                   .tree = LayerTree(tree, policy.ownership),
                   .quota = quota};
    std::uint64_t entries = 0;
    while (const std::optional<Entry> entry = TRY(to.tar.next())) {
        if (++entries > policy.limits.entries)
            return Error(Error::Kind::failed, "the layer has more than {} entries",
                         policy.limits.entries);
        TRY(place(to, *entry), "{}", archive::describe(*entry));
    }
    TRY(to.tree.settle());
    TRY(archive::drain(layer));
    to.applied.bytes = to.quota.taken();
    return to.applied;
}

}  // namespace sbx::image
