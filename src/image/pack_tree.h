// A folder and what is in it, as the entries of a tar archive.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>

#include "archive/tar_writer.h"
#include "base/error.h"
#include "os/fd.h"

namespace sbx::image {

// The tree may be changed while it is read, by those who would have something else read: a file is
// looked at once it is open, no link is followed, and nothing is opened but files and folders.
// Owners, times and file capabilities are those that the caller's user namespace sees.
class TreePacker {
public:
    enum class Devices : std::uint8_t { kept, left_out };

    explicit TreePacker(archive::TarWriter& tar, Devices devices = Devices::kept)
        : tar_(&tar), devices_(devices) {}

    // folder/name and all below it, as `path` and what is below that; with "" the names of what is
    // in it, and nothing of the folder itself. Of the kernel's own file systems (/proc) only the
    // folder is taken that they are mounted on. Raises the process's limit of open files.
    Result<> add_tree(os::FdView folder, const std::string& name, const std::string& path);

    // Of a tree that somebody has listed before: nothing of what is below it; passes over what is
    // gone since, and leaves out what add_tree() would. Whether it is in the archive as a folder.
    Result<bool> add(os::FdView folder, const std::string& name, const std::string& path);

    // Whoever calls has followed links: a top that is one by now is refused.
    void expect_no_link() { no_link_ = true; }

    // What could not be taken as it is, a sentence each.
    const std::vector<std::string>& notes() const { return notes_; }

private:
    struct Frame {
        os::Fd folder;
        dev_t device;
        std::string path;
        std::vector<std::string> names;
    };

    bool is_top() const { return frames_.empty() && !listed_; }
    Result<os::Fd> add_one(os::FdView folder, const std::string& name, const std::string& path);
    Result<> add_file(os::FdView folder, const std::string& name, const std::string& path);
    Result<> add_kernel_file(os::FdView file, archive::Entry entry);
    Result<os::Fd> add_folder(os::FdView folder, const std::string& name, const std::string& path);
    Result<> add_device(const struct stat& status, const std::string& path);
    Result<> add_content(os::FdView file, std::uint64_t size, const std::string& path);
    Result<> descend(os::Fd folder, std::string path);
    void note(std::string_view path, std::string_view what);

    archive::TarWriter* tar_;
    Devices devices_;
    bool no_link_ = false;
    bool listed_ = false;
    std::map<std::pair<dev_t, ino_t>, std::string> links_ = {};
    std::vector<Frame> frames_ = {};
    std::vector<std::string> notes_ = {};
};

}  // namespace sbx::image
