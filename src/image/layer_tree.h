// The folder that a layer is unpacked into, while that goes on: finding the places of entries,
// making room at them, and the folders' own marks.
#pragma once

#include <map>
#include <string>

#include "archive/tar_entry.h"
#include "base/error.h"
#include "image/apply_layer.h"
#include "image/layer_path.h"
#include "image/metadata.h"
#include "os/root.h"

namespace sbx::image {

class LayerTree {
public:
    LayerTree(const os::Root& root, Ownership ownership) : root_(root), ownership_(ownership) {}

    // The folder at `path`, made where it is missing. Links on the way lead where they lead inside
    // the tree. Good until the next call of any other function here.
    Result<os::FdView> folder(const std::string& path);

    // The same where it has to be just there: a link on the way is an error.
    Result<os::Fd> real_folder(const std::string& path, int flags);

    // Calls `make` with the folder that `path` is in. It returns 0 or sets errno, as a system call
    // does; where something is in its way, that goes and it is called once more. What is in the way
    // is of this layer too: the last of two wins.
    template <class Make>
    Result<> make_at(const LayerPath& path, Make make) {
        if (make(TRY(folder(path.parent)).get()) == 0) return {};
        if (errno != EEXIST) return Error::from_errno(errno, "make it");
        TRY(clear(path));
        if (make(TRY(folder(path.parent)).get()) == 0) return {};
        return Error::from_errno(errno, "make it");
    }

    Result<> make_folder(const LayerPath& path, const archive::Entry& entry);

    Result<> hide(const LayerPath& path);           // from the layers below
    Result<> hide_all_in(const std::string& path);  // what they have in a folder, not the root

    // Gives folders their owners, modes and times: last, as everything made in one changes its
    // time, and a set-group-id one would pass its group on.
    Result<> settle();

private:
    struct Folder {
        std::uint32_t mode;
        Owner owner;
        archive::Moment modified;
    };

    Result<> uncover(const std::string& path);
    Result<> place_folder(const LayerPath& path, std::uint32_t mode);
    Result<> clear(const LayerPath& path);

    const os::Root& root_;
    Ownership ownership_;
    std::string known_path_;  // of known_folder_
    os::Fd known_folder_;
    std::map<std::string, Folder> folders_;
};

}  // namespace sbx::image
