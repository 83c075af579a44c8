#include <vector>

#include <dirent.h>

#include "os/file.h"
#include "os/tree.h"

namespace sbx::os {

namespace {

// One directory that is being emptied.
struct Frame {
    Fd directory;
    std::string name;  // in the directory above
    std::vector<Entry> entries;
};

// Deeper directories are moved up to the first one, so that descriptors do not run out.
constexpr std::size_t kMostFrames = 64;

}  // namespace

// Gives the owner of a directory the rights over it that it took from itself.
static bool open_up(FdView parent, const std::string& name) {
    return ::fchmodat(parent.get(), name.c_str(), 0700, AT_SYMLINK_NOFOLLOW) == 0;
}

namespace {

class Removal {
public:
    explicit Removal(FdView above) : above_(above) {}

    Result<> run(const std::string& name) {
        TRY(remove_or_enter(above_, {.name = name, .type = DT_UNKNOWN}));
        while (!frames_.empty()) {
            Frame& frame = frames_.back();
            if (frame.entries.empty()) {
                TRY(leave());
                continue;
            }
            const Entry next = std::move(frame.entries.back());
            frame.entries.pop_back();
            TRY(remove_or_enter(FdView(frame.directory), next));
        }
        return {};
    }

private:
    Result<> remove_or_enter(FdView parent, const Entry& entry) {
        const std::string& name = entry.name;
        if (entry.type != DT_DIR) {
            if (::unlinkat(parent.get(), name.c_str(), 0) == 0 || errno == ENOENT) return {};
            if (errno != EISDIR) return Error::from_errno(errno, "remove '{}'", name);
        }
        if (::unlinkat(parent.get(), name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return {};
        if (errno != ENOTEMPTY && errno != EEXIST)
            return Error::from_errno(errno, "remove directory '{}'", name);
        if (frames_.size() == kMostFrames) return move_up(parent, name);
        return enter(parent, name);
    }

    // What is gone by now was removed by somebody else who is at it.
    static constexpr auto kGone = std::errc::no_such_file_or_directory;

    Result<> enter(FdView parent, const std::string& name) {
        Result<Fd> opened = open_directory(parent, name);
        if (opened.failed_with(std::errc::permission_denied) && open_up(parent, name))
            opened = open_directory(parent, name);
        if (opened.failed_with(kGone)) return {};
        Fd directory = TRY(std::move(opened));
        const struct stat status = TRY(status_of(directory));
        if ((status.st_mode & 0300) != 0300)
            (void)::fchmod(directory.get(), 0700);  // or fail below
        Result<std::vector<Entry>> listed = read_entries(directory);
        if (listed.failed_with(kGone)) return {};
        std::vector<Entry> entries = TRY(std::move(listed));
        frames_.push_back(
            {.directory = std::move(directory), .name = name, .entries = std::move(entries)});
        return {};
    }

    Result<> leave() {
        const std::string name = std::move(frames_.back().name);
        frames_.pop_back();
        const FdView parent = frames_.empty() ? above_ : FdView(frames_.back().directory);
        if (::unlinkat(parent.get(), name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return {};
        return Error::from_errno(errno, "remove directory '{}'", name);
    }

    Result<> move_up(FdView parent, const std::string& name) {
        (void)open_up(parent, name);  // a directory that moves is written to, for its ".."
        Frame& first = frames_.front();
        for (;;) {
            std::string moved = fmt::format(".sbx-deep-{}", moved_++);
            if (::renameat(parent.get(), name.c_str(), first.directory.get(), moved.c_str()) == 0) {
                first.entries.push_back({.name = std::move(moved), .type = DT_DIR});
                return {};
            }
            // Something of that name is there, perhaps from a removal that was killed.
            const bool taken = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR;
            if (!taken) return Error::from_errno(errno, "move '{}' up to remove it", name);
        }
    }

    FdView above_;
    std::vector<Frame> frames_;
    std::uint64_t moved_ = 0;
};

}  // namespace

Result<> remove_tree(FdView directory, const std::string& name) {
    return Removal(directory).run(name);
}

}  // namespace sbx::os
