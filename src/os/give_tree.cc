#include "os/give_tree.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "os/rlimits.h"

namespace sbx::os {

// A bind mount is another one, and of the same device.
static Result<std::uint64_t> mount_of(FdView file) {
    struct statx status{};
    if (::statx(file.get(), "", AT_EMPTY_PATH, STATX_MNT_ID, &status) != 0)
        return Error::from_errno(errno, "ask for its mount");
    return status.stx_mnt_id;
}

namespace {

// Twice through the tree: whether all names of a file are in it is known after the first time.
class Giver {
public:
    Giver(Owner owner, std::uint64_t mount) : owner_(owner), mount_(mount) {}

    Result<> walk(FdView top) {
        pending_.clear();
        TRY(enter(top, ""));
        while (!pending_.empty()) {
            Frame& frame = pending_.back();
            if (frame.names.empty()) {
                pending_.pop_back();
                continue;
            }
            const std::string name = std::move(frame.names.back());
            frame.names.pop_back();
            TRY(visit(frame.folder, name, frame.path + name));
        }
        return {};
    }

    Result<> give(FdView file, const struct stat& status, const std::string& path) const {
        if (status.st_uid == owner_.uid && status.st_gid == owner_.gid) return {};
        if (::fchownat(file.get(), "", owner_.uid, owner_.gid, AT_EMPTY_PATH) == 0) return {};
        return Error::from_errno(errno, "give '{}' to {}:{}", path, owner_.uid, owner_.gid);
    }

    void begin_with_links() { links_alone_ = true; }
    std::vector<std::string> kept() && { return std::move(kept_); }

private:
    struct Frame {
        Fd folder;
        std::string path;
        std::vector<std::string> names;
    };

    Result<> enter(FdView folder, std::string path) {
        Fd own = TRY(open_directory(folder, "."));
        std::vector<std::string> names = TRY(names_in(own), "'{}'", path);
        pending_.push_back(
            {.folder = std::move(own), .path = std::move(path), .names = std::move(names)});
        return {};
    }

    // What has gone since its folder was listed needs nothing.
    Result<> visit(FdView folder, const std::string& name, const std::string& path) {
        const Fd file(::openat(folder.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        if (!file && errno == ENOENT) return {};
        if (!file) return Error::from_errno(errno, "open '{}'", path);
        const struct stat status = TRY(status_of(file), "'{}'", path);
        if (TRY(mount_of(file), "'{}'", path) != mount_) return {};
        if (S_ISDIR(status.st_mode)) {
            if (!links_alone_) TRY(give(file, status, path));
            return enter(file, path + "/");
        }
        return visit_file(file, status, path);
    }

    Result<> visit_file(FdView file, const struct stat& status, const std::string& path) {
        if (status.st_nlink == 1) return links_alone_ ? Result<>() : give(file, status, path);
        nlink_t& seen = seen_[status.st_ino];
        if (!links_alone_) {
            ++seen;
            return {};
        }
        if (seen >= status.st_nlink) return give(file, status, path);
        kept_.push_back(path);
        return {};
    }

    Owner owner_;
    std::uint64_t mount_;
    bool links_alone_ = false;
    std::map<ino_t, nlink_t> seen_ = {};  // names of each file that has several
    std::vector<Frame> pending_ = {};
    std::vector<std::string> kept_ = {};
};

}  // namespace

Result<std::vector<std::string>> give_tree(FdView top, Owner owner) {
    (void)raise_soft_limit(RLIMIT_NOFILE);  // each level has a descriptor
    const struct stat status = TRY(status_of(top));
    Giver giver(owner, TRY(mount_of(top)));
    if (!S_ISDIR(status.st_mode) && status.st_nlink > 1) return std::vector<std::string>{"."};
    TRY(giver.give(top, status, "."));
    if (!S_ISDIR(status.st_mode)) return std::vector<std::string>();
    TRY(giver.walk(top));
    giver.begin_with_links();
    TRY(giver.walk(top));
    return std::move(giver).kept();
}

}  // namespace sbx::os
