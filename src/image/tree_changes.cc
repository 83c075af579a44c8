#include "image/tree_changes.h"

#include <algorithm>
#include <iterator>

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "image/metadata.h"
#include "os/file.h"
#include "os/rlimits.h"

namespace sbx::image {

using Kind = TreeChange::Kind;

static bool is_whiteout(const struct stat& status) {
    return S_ISCHR(status.st_mode) && status.st_rdev == ::makedev(0, 0);
}

static bool is_opaque(os::FdView folder) {
    char value = 0;
    return ::fgetxattr(folder.get(), "user.overlay.opaque", &value, 1) == 1 && value == 'y';
}

static bool same_time(const struct stat& one, const struct stat& other) {
    return one.st_mtim.tv_sec == other.st_mtim.tv_sec &&
           one.st_mtim.tv_nsec == other.st_mtim.tv_nsec;
}

static bool same_rights(const struct stat& one, const struct stat& other) {
    return one.st_mode == other.st_mode && one.st_uid == other.st_uid && one.st_gid == other.st_gid;
}

// What is there by that name; nothing in a folder that is not there. A whiteout of the lowest layer
// is nothing, too.
static Result<std::optional<struct stat>> look(const os::Fd& folder, const std::string& name) {
    if (!folder) return std::optional<struct stat>();
    Result<struct stat> found = os::status_at(folder, name);
    if (found.failed_with(std::errc::no_such_file_or_directory))
        return std::optional<struct stat>();
    return std::optional(TRY(std::move(found)));
}

static Result<std::optional<struct stat>> look_below(const os::Fd& folder,
                                                     const std::string& name) {
    const std::optional<struct stat> found = TRY(look(folder, name));
    if (found && is_whiteout(*found)) return std::optional<struct stat>();
    return found;
}

namespace {

class Comparison {
public:
    explicit Comparison(const TreeComparison& trees) : trees_(trees) {}

    Result<std::vector<TreeChange>> run() {
        Frame top{.upper = TRY(os::open_directory(trees_.upper.directory(), "."))};
        if (trees_.lower) top.lower = TRY(os::open_directory(trees_.lower->directory(), "."));
        TRY(enter(std::move(top)));
        while (!frames_.empty()) {
            if (frames_.back().names.empty()) {
                leave();
                continue;
            }
            const std::string name = std::move(frames_.back().names.back());
            frames_.back().names.pop_back();
            TRY(one(name), "'{}/{}'", frames_.back().path, name);
        }
        return std::move(changes_);
    }

private:
    // A folder of the upper side that is being gone through.
    struct Frame {
        os::Fd upper;
        os::Fd lower = {};  // the folder it lies over, where that is one
        std::string path = {};
        bool opaque = false;         // of what is below nothing shows
        bool differs = true;         // apart from what is in it
        bool is_newer = false;       // its time differs: something in it came or went
        bool has_left_out = false;   // ... which may be what is left out
        std::size_t own_change = 0;  // where in the list; the top has none
        std::vector<std::string> names = {};
    };

    bool is_left_out(const std::string& path) const {
        return std::ranges::find(trees_.left_out, path) != trees_.left_out.end();
    }

    Result<> enter(Frame frame) {
        frame.names = TRY(os::names_in(frame.upper));
        if (frame.opaque && frame.lower) {
            const std::vector<std::string> hidden = TRY(os::names_in(frame.lower));
            std::vector<std::string> both;
            std::ranges::set_union(frame.names, hidden, std::back_inserter(both));
            frame.names = std::move(both);
        }
        std::ranges::reverse(frame.names);  // they are taken from the end
        frames_.push_back(std::move(frame));
        return {};
    }

    // A folder that only had to be there for something that is left out goes unmentioned.
    void leave() {
        const Frame frame = std::move(frames_.back());
        frames_.pop_back();
        if (frames_.empty()) return;
        const bool has_changes = changes_.size() > frame.own_change + 1;
        const bool differs = frame.differs || (frame.is_newer && !frame.has_left_out);
        if (has_changes || differs) return;
        changes_.pop_back();
        if (frame.has_left_out) frames_.back().has_left_out = true;
    }

    void add(Kind kind, const std::string& path, std::uint64_t size = 0) {
        changes_.push_back({.kind = kind, .path = path, .size = size});
    }

    Result<> one(const std::string& name) {
        Frame& frame = frames_.back();
        const std::string path = frame.path + "/" + name;
        const std::optional<struct stat> upper = TRY(look(frame.upper, name));
        if (is_left_out(path)) {
            frame.has_left_out = frame.has_left_out || upper;
            return {};
        }
        const std::optional<struct stat> lower = TRY(look_below(frame.lower, name));
        if (!upper || is_whiteout(*upper)) {
            if (lower) add(Kind::deleted, path);
            return {};
        }
        const Kind kind = lower ? Kind::changed : Kind::added;
        if (!S_ISDIR(upper->st_mode)) {
            const bool has_size = S_ISREG(upper->st_mode);
            add(kind, path, has_size ? static_cast<std::uint64_t>(upper->st_size) : 0);
            return {};
        }
        add(kind, path);
        return folder(name, *upper, lower);
    }

    // What the container removes of it or replaces while it is read is no change any more.
    Result<> folder(const std::string& name, const struct stat& upper,
                    const std::optional<struct stat>& lower) {
        const Frame& above = frames_.back();
        Result<os::Fd> opened = os::open_directory(above.upper, name);
        if (opened.failed_with(std::errc::no_such_file_or_directory) ||
            opened.failed_with(std::errc::not_a_directory)) {
            changes_.pop_back();
            return {};
        }
        Frame frame{.upper = TRY(std::move(opened))};
        frame.path = above.path + "/" + name;
        frame.own_change = changes_.size() - 1;
        frame.opaque = above.opaque || is_opaque(frame.upper);
        if (lower && S_ISDIR(lower->st_mode)) {
            frame.lower = TRY(os::open_directory(above.lower, name));
            frame.differs = !same_rights(upper, *lower) ||
                            attributes_of(frame.upper) != attributes_of(frame.lower);
            frame.is_newer = !same_time(upper, *lower);
        } else {
            frame.differs = !is_on_the_way(frame.path);
        }
        return enter(std::move(frame));
    }

    bool is_on_the_way(const std::string& path) const {
        return std::ranges::any_of(trees_.left_out, [&](const std::string& target) {
            return target.starts_with(path + "/");
        });
    }

    const TreeComparison& trees_;
    std::vector<Frame> frames_;
    std::vector<TreeChange> changes_;
};

}  // namespace

Result<std::vector<TreeChange>> compare(const TreeComparison& trees) {
    (void)os::raise_soft_limit(RLIMIT_NOFILE);  // each level has two descriptors
    return Comparison(trees).run();
}

}  // namespace sbx::image
