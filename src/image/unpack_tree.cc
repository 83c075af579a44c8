#include "image/unpack_tree.h"

#include <limits>

#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "image/metadata.h"
#include "os/file.h"
#include "os/tree.h"

namespace sbx::image {

using archive::Entry;

static constexpr std::size_t kMostNotes = 20;
static constexpr std::uint32_t kSetIds = S_ISUID | S_ISGID;

Result<TreeUnpacker> TreeUnpacker::open(const os::Root& base, const UnpackWishes& wishes) {
    const Quota quota =
        TRY(Quota::open(base.directory(), std::numeric_limits<std::uint64_t>::max()));
    return TreeUnpacker(base, wishes, quota);
}

// What an archive does not name itself on the way is made.
Result<os::Fd> TreeUnpacker::folder(const std::string& path) {
    if (path.empty()) return base_->open_without_links(".", O_PATH | O_DIRECTORY);
    Result<os::Fd> there = base_->open_without_links(path, O_PATH | O_DIRECTORY);
    if (!there.failed_with(std::errc::no_such_file_or_directory)) return there;
    const LayerPath missing = TRY(parse_layer_path(path));
    const os::Fd parent = TRY(folder(missing.parent));
    if (::mkdirat(parent.get(), missing.name.c_str(), 0755) != 0 && errno != EEXIST)
        return Error::from_errno(errno, "make folder '{}'", path);
    return base_->open_without_links(path, O_PATH | O_DIRECTORY);
}

Result<> TreeUnpacker::clear(const LayerPath& path) {
    const os::Fd parent = TRY(folder(path.parent));
    if (::unlinkat(parent.get(), path.name.c_str(), 0) == 0 || errno == ENOENT) return {};
    if (errno != EISDIR) return Error::from_errno(errno, "replace '{}'", path.text());
    if (wishes_.overwrite) return os::remove_tree(parent, path.name);
    return Error(Error::Kind::exists, "'{}' is a folder there, and is to become none", path.text())
        .hint("--overwrite replaces it, and what is in it");
}

// `make` returns 0 or sets errno, as a system call does. What is in its way goes.
template <class Make>
Result<> TreeUnpacker::make_at(const LayerPath& path, Make make) {
    const os::Fd parent = TRY(folder(path.parent));
    if (make(parent.get()) == 0) return {};
    if (errno == EEXIST) {
        TRY(clear(path));
        if (make(parent.get()) == 0) return {};
    }
    return Error::from_errno(errno, "make '{}'", path.text());
}

// What is mounted, as /etc/hosts is, cannot be replaced, but it can be written to.
Result<TreeUnpacker::File> TreeUnpacker::make_file(const LayerPath& path) {
    os::Fd file;
    Result<> made = make_at(path, [&](int parent) {
        file = os::Fd(::openat(parent, path.name.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        return file ? 0 : -1;
    });
    if (made) return File{.file = std::move(file)};
    if (!made.failed_with(std::errc::device_or_resource_busy)) return std::move(made).error();
    const os::Fd parent = TRY(folder(path.parent));
    file = os::Fd(::openat(parent.get(), path.name.c_str(),
                           O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file) return Error::from_errno(errno, "write '{}'", path.text());
    const struct stat status = TRY(os::status_of(file));
    if (!S_ISREG(status.st_mode)) return std::move(made).error();
    if (::ftruncate(file.get(), 0) != 0) return Error::from_errno(errno, "empty '{}'", path.text());
    return File{.file = std::move(file), .in_place = true};
}

static Owner owner_wanted(const Entry& entry, const UnpackWishes& wishes) {
    return owner_of(entry, wishes.keep ? Ownership::as_recorded : Ownership::all_mine);
}

// Outside, owners are kept where the caller may: who is not root may not, as with `cp -a`.
Result<> TreeUnpacker::give(const Entry& entry, os::FdView file) const {
    if (!wishes_.to_host) return give_to(owner_wanted(entry, wishes_), file);
    if (wishes_.keep) (void)give_to(owner_wanted(entry, wishes_), file);
    return {};
}

// Set-id bits go with a change of owner, so they come behind it.
Result<> TreeUnpacker::finish(const Entry& entry, os::FdView file) const {
    TRY(give(entry, file));
    TRY(set_attributes(file, entry,
                       wishes_.to_host ? Ownership::all_mine : Ownership::as_recorded));
    const bool drops = wishes_.to_host && !wishes_.keep;
    if (::fchmod(file.get(), drops ? entry.mode & ~kSetIds : entry.mode) != 0)
        return Error::from_errno(errno, "set its mode");
    return set_time(entry.modified, file);
}

// What cannot be opened: links and FIFOs.
Result<> TreeUnpacker::finish_name(const Entry& entry, const LayerPath& path) {
    const os::Fd parent = TRY(folder(path.parent));
    if (!wishes_.to_host) TRY(give_to(owner_wanted(entry, wishes_), parent, path.name));
    return set_time(entry.modified, parent, path.name);
}

Result<> TreeUnpacker::add_file(archive::TarReader& tar, const Entry& entry,
                                const LayerPath& path) {
    const File made = TRY(make_file(path));
    if (entry.size != 0) TRY(write_content(tar, entry, made.file, quota_));
    return made.in_place ? Result<>() : finish(entry, made.file);
}

// Whether it is new, or in another's place; one that was there is joined.
Result<bool> TreeUnpacker::make_folder(const LayerPath& path) {
    const os::Fd parent = TRY(folder(path.parent));
    const auto make = [&](int at) { return ::mkdirat(at, path.name.c_str(), 0700); };
    if (make(parent.get()) == 0) return true;
    if (errno != EEXIST) return Error::from_errno(errno, "make folder '{}'", path.text());
    const struct stat there = TRY(os::status_at(parent, path.name));
    if (S_ISDIR(there.st_mode)) return false;
    if (!wishes_.overwrite)
        return Error(Error::Kind::exists, "'{}' is no folder there, and is to become one",
                     path.text())
            .hint("--overwrite replaces it");
    TRY(make_at(path, make));
    return true;
}

Result<> TreeUnpacker::add_folder(const Entry& entry, const LayerPath& path) {
    bool is_new = false;
    if (!path.is_top()) is_new = TRY(make_folder(path));
    if (is_new || wishes_.keep) folders_[path.text()] = entry;
    return {};
}

Result<> TreeUnpacker::add_link(const LayerPath& path, const LayerPath& target) {
    const os::Fd from = TRY(folder(target.parent));
    return make_at(path, [&](int parent) {
        return ::linkat(from.get(), target.name.c_str(), parent, path.name.c_str(), 0);
    });
}

Result<> TreeUnpacker::add(archive::TarReader& tar, const Entry& entry, const LayerPath& path) {
    if (path.is_top() && entry.kind != Entry::Kind::directory)
        return Error(Error::Kind::failed, "it would replace the folder itself");
    switch (entry.kind) {
        case Entry::Kind::regular: return add_file(tar, entry, path);
        case Entry::Kind::directory: return add_folder(entry, path);
        case Entry::Kind::symbolic_link:
            TRY(make_at(path, [&](int parent) {
                return ::symlinkat(entry.target.c_str(), parent, path.name.c_str());
            }));
            return finish_name(entry, path);
        case Entry::Kind::fifo:
            TRY(make_at(path, [&](int parent) {
                return ::mknodat(parent, path.name.c_str(), S_IFIFO | (entry.mode & 0777), 0);
            }));
            return finish_name(entry, path);
        default: break;  // the kernel lets nobody make devices but root of the host
    }
    if (notes_.size() < kMostNotes)
        notes_.push_back(fmt::format("'{}' is a device, and is left out", excerpt(entry.path)));
    return {};
}

// Deepest first: the mode of a folder may keep one from what is in it.
Result<> TreeUnpacker::settle() {
    for (auto at = folders_.rbegin(); at != folders_.rend(); ++at) {
        const std::string name = at->first.empty() ? "." : at->first;
        const os::Fd there = TRY(base_->open_without_links(name, O_RDONLY | O_DIRECTORY));
        TRY(finish(at->second, there), "folder '{}'", name);
    }
    return {};
}

}  // namespace sbx::image
