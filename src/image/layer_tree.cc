#include "image/layer_tree.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "os/file.h"
#include "os/tree.h"

namespace sbx::image {

static constexpr const char* kOpaque = "user.overlay.opaque";

static std::string open_name(const std::string& path) { return path.empty() ? "." : path; }

static bool missing(const Error& error) {
    return error.is(std::errc::no_such_file_or_directory) || error.is(std::errc::not_a_directory);
}

// A whiteout on the way, of this layer: what is below it now comes in place of what it hides.
Result<> LayerTree::uncover(const std::string& path) {
    for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
        const std::string folder = path.substr(0, end);
        const Result<os::Fd> there = root_.open_without_links(folder, O_PATH);
        if (!there) return {};
        const struct stat status = TRY(os::status_of(*there));
        if (S_ISCHR(status.st_mode)) return place_folder(TRY(parse_layer_path(folder)), 0755);
        if (end == path.npos) return {};
    }
}

Result<os::FdView> LayerTree::folder(const std::string& path) {
    if (known_folder_ && path == known_path_) return os::FdView(known_folder_);
    Result<os::Fd> found = root_.open_relative(open_name(path), O_PATH | O_DIRECTORY);
    if (found.failed_with(std::errc::not_a_directory)) TRY(uncover(path));
    if (!found && missing(found.error()))
        found = root_.make_directories(os::InnerPath::clean(path));
    known_folder_ = TRY(std::move(found));
    known_path_ = path;
    return os::FdView(known_folder_);
}

Result<os::Fd> LayerTree::real_folder(const std::string& path, int flags) {
    Result<os::Fd> found = root_.open_without_links(open_name(path), flags | O_DIRECTORY);
    if (!found.failed_with(std::errc::no_such_file_or_directory)) return found;
    TRY(folder(path));
    return root_.open_without_links(open_name(path), flags | O_DIRECTORY);
}

// A folder that goes takes what was known of it, and below it, along.
Result<> LayerTree::clear(const LayerPath& path) {
    const os::FdView parent = TRY(folder(path.parent));
    if (::unlinkat(parent.get(), path.name.c_str(), 0) != 0) {
        if (errno != EISDIR) return Error::from_errno(errno, "replace '{}'", path.name);
        TRY(os::remove_tree(parent, path.name));
        const std::string gone = path.text();
        folders_.erase(gone);
        folders_.erase(folders_.lower_bound(gone + '/'), folders_.lower_bound(gone + '0'));
    }
    known_folder_.reset();  // it may have been found through what went
    return {};
}

static Result<> mark_opaque(os::FdView parent, const std::string& name) {
    const os::Fd folder = TRY(os::open_directory(parent, name));
    if (::fsetxattr(folder.get(), kOpaque, "y", 1, 0) == 0) return {};
    return Error::from_errno(errno, "mark '{}' as hiding what is below it", name);
}

// A folder in place of something else of this layer (of a whiteout, say) has nothing to do with a
// folder of that name in the layers below: it hides what they have.
Result<> LayerTree::place_folder(const LayerPath& path, std::uint32_t mode) {
    const os::FdView parent = TRY(folder(path.parent));
    if (::mkdirat(parent.get(), path.name.c_str(), mode) == 0) return {};
    if (errno != EEXIST) return Error::from_errno(errno, "make it");
    const struct stat there = TRY(os::status_at(parent, path.name));
    if (S_ISDIR(there.st_mode)) return {};
    TRY(make_at(path, [&](int at) { return ::mkdirat(at, path.name.c_str(), mode); }));
    return mark_opaque(TRY(folder(path.parent)), path.name);
}

Result<> LayerTree::make_folder(const LayerPath& path, const archive::Entry& entry) {
    if (!path.is_top()) TRY(place_folder(path, entry.mode & 01777));
    folders_[path.text()] = {
        .mode = entry.mode, .owner = owner_of(entry, ownership_), .modified = entry.modified};
    return {};
}

// Overlay takes a character device 0:0 for "nothing here"; making one needs no privilege since
// Linux 5.8. What this layer has under that name stays, wherever in the archive it stands.
Result<> LayerTree::hide(const LayerPath& path) {
    const os::Fd parent = TRY(real_folder(path.parent, O_PATH));
    if (::mknodat(parent.get(), path.name.c_str(), S_IFCHR, ::makedev(0, 0)) == 0) return {};
    if (errno != EEXIST) return Error::from_errno(errno, "make a whiteout");
    const struct stat there = TRY(os::status_at(parent, path.name));
    return S_ISDIR(there.st_mode) ? mark_opaque(parent, path.name) : Result<>();
}

Result<> LayerTree::hide_all_in(const std::string& path) {
    return mark_opaque(TRY(real_folder(path, O_PATH)), ".");
}

Result<> LayerTree::settle() {
    for (const auto& [path, how] : folders_) {
        // Something else may be there by now that another path led to.
        const Result<os::Fd> folder =
            root_.open_relative(open_name(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        if (!folder) continue;
        if (!how.owner.is_root()) TRY(give_to(how.owner, *folder), "folder '{}'", path);
        if (::fchmod(folder->get(), how.mode) != 0)
            return Error::from_errno(errno, "set the mode of folder '{}'", path);
        TRY(set_time(how.modified, *folder), "folder '{}'", path);
    }
    return {};
}

}  // namespace sbx::image
