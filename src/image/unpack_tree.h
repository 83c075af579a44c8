// The entries of a tar archive, made in a folder that has files already, and that others may be at
// work in.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "archive/tar.h"
#include "base/error.h"
#include "image/layer_content.h"
#include "image/layer_path.h"
#include "os/root.h"

namespace sbx::image {

struct UnpackWishes {
    bool keep = false;       // owners as recorded, and what folders that are there already are like
    bool to_host = false;    // what is made is the caller's, and has no set-id bits but with `keep`
    bool overwrite = false;  // a folder gives way to something else, and the other way round
};

// No link in the folder is followed, wherever it comes from: a name is made in the very folder that
// its path says. Folders are joined, files replaced. Names mean nothing but themselves, those of
// whiteouts included.
class TreeUnpacker {
public:
    static Result<TreeUnpacker> open(const os::Root& base, const UnpackWishes& wishes);

    // `entry`, which `tar` is at, as `path`.
    Result<> add(archive::TarReader& tar, const archive::Entry& entry, const LayerPath& path);

    // A hard link to what is at `target`.
    Result<> add_link(const LayerPath& path, const LayerPath& target);

    // Gives folders their owners, modes and times: last, as what is made in them changes those.
    Result<> settle();

    const std::vector<std::string>& notes() const { return notes_; }

private:
    struct File {
        os::Fd file;
        bool in_place = false;  // it was there, and is mounted: it stays what it was
    };

    TreeUnpacker(const os::Root& base, const UnpackWishes& wishes, Quota quota)
        : base_(&base), wishes_(wishes), quota_(quota) {}

    template <class Make>
    Result<> make_at(const LayerPath& path, Make make);
    Result<os::Fd> folder(const std::string& path);
    Result<> clear(const LayerPath& path);
    Result<File> make_file(const LayerPath& path);
    Result<> add_file(archive::TarReader& tar, const archive::Entry& entry, const LayerPath& path);
    Result<bool> make_folder(const LayerPath& path);
    Result<> add_folder(const archive::Entry& entry, const LayerPath& path);
    Result<> give(const archive::Entry& entry, os::FdView file) const;
    Result<> finish(const archive::Entry& entry, os::FdView file) const;
    Result<> finish_name(const archive::Entry& entry, const LayerPath& path);

    const os::Root* base_;
    UnpackWishes wishes_;
    Quota quota_;
    std::map<std::string, archive::Entry> folders_ = {};
    std::vector<std::string> notes_ = {};
};

}  // namespace sbx::image
