#include "image/pack_changes.h"

#include <algorithm>
#include <climits>

#include <fcntl.h>
#include <sys/sysmacros.h>

#include "base/text.h"
#include "image/pack_tree.h"
#include "os/file.h"

namespace sbx::image {

static constexpr std::string_view kWhiteout = ".wh.";
static constexpr std::size_t kMostNotes = 20;

namespace {

class LayerPacker {
public:
    LayerPacker(const os::Root& upper, archive::TarWriter& tar)
        : upper_(upper), tar_(tar), packer_(tar) {}

    Result<> add(const TreeChange& change) {
        const std::string path = change.path.substr(1);
        if (!left_out_.empty() && path.starts_with(left_out_)) return {};
        const std::size_t slash = path.rfind('/');
        const std::string parent = slash == path.npos ? "" : path.substr(0, slash);
        const std::string name = path.substr(slash + 1);
        if (name.starts_with(kWhiteout)) return leave_out(path);
        if (change.kind == TreeChange::Kind::deleted) return hide(parent, name);
        const bool there = TRY(find(parent));
        const bool is_there = there && !TRY(is_whiteout(name));
        const bool is_folder = is_there && TRY(packer_.add(folder_, name, path));
        if (!is_folder) left_out_ = path + "/";  // it may be one again by the time of what is in it
        return {};
    }

    std::vector<std::string> notes() && {
        std::ranges::copy(packer_.notes(), std::back_inserter(notes_));
        return std::move(notes_);
    }

private:
    Result<> leave_out(const std::string& path) {
        left_out_ = path + "/";
        if (notes_.size() < kMostNotes)
            notes_.push_back(
                fmt::format("'{}' is left out: in a layer its name says that another file is gone",
                            excerpt(path)));
        return {};
    }

    Result<> hide(const std::string& parent, const std::string& name) {
        if (name.size() + kWhiteout.size() > NAME_MAX)
            return Error(Error::Kind::unsupported,
                         "'{}' is deleted, and its name is too long for a layer to say so",
                         excerpt(name))
                .hint("a layer of all files, --squash, can do without it");
        return tar_.begin(
            {.path = fmt::format("{}{}{}{}", parent, parent.empty() ? "" : "/", kWhiteout, name)});
    }

    // A folder that has gone, or is something else by now, is no change any more.
    Result<bool> find(const std::string& parent) {
        if (folder_ && parent == parent_) return true;
        Result<os::Fd> found = upper_.open_without_links(parent.empty() ? "." : parent,
                                                         O_RDONLY | O_DIRECTORY | O_NONBLOCK);
        for (const std::errc gone :
             {std::errc::no_such_file_or_directory, std::errc::not_a_directory,
              std::errc::too_many_symbolic_link_levels})
            if (found.failed_with(gone)) return false;
        folder_ = TRY(std::move(found), "'{}'", parent);
        parent_ = parent;
        return true;
    }

    // By which the upper folder itself says that something is gone, meanwhile.
    Result<bool> is_whiteout(const std::string& name) const {
        const Result<struct stat> status = os::status_at(folder_, name);
        return status && S_ISCHR(status->st_mode) && status->st_rdev == ::makedev(0, 0);
    }

    const os::Root& upper_;
    archive::TarWriter& tar_;
    TreePacker packer_;
    os::Fd folder_ = {};
    std::string parent_ = {};    // whose folder_ is
    std::string left_out_ = {};  // a folder nothing is packed of, with a slash
    std::vector<std::string> notes_ = {};
};

}  // namespace

Result<std::vector<std::string>> pack_changes(const os::Root& upper,
                                              const std::vector<TreeChange>& changes,
                                              archive::TarWriter& tar) {
    LayerPacker packer(upper, tar);
    for (const TreeChange& change : changes)
        TRY(packer.add(change));
    TRY(tar.finish());
    return std::move(packer).notes();
}

}  // namespace sbx::image
