// Owners, times and extended attributes of files as a layer records them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archive/tar_entry.h"
#include "base/error.h"
#include "image/apply_layer.h"
#include "os/fd.h"

namespace sbx::image {

struct Owner {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;

    bool is_root() const { return uid == 0 && gid == 0; }
};

// Whose `entry` is to be. What belongs to root needs no call: whoever unpacks is root.
Owner owner_of(const archive::Entry& entry, Ownership ownership);

// Of an open file, or of the file or link `name` in an open folder.
Result<> give_to(Owner owner, os::FdView file);
Result<> give_to(Owner owner, os::FdView folder, const std::string& name);
Result<> set_time(archive::Moment modified, os::FdView file);
Result<> set_time(archive::Moment modified, os::FdView folder, const std::string& name);

// File capabilities, and user.* but for what overlay, fuse-overlayfs and podman keep for
// themselves. The rest (labels, ACLs, trusted.*) means something to the host, or something else.
// Capabilities are left out where all files are the user's own: they could not be set.
bool is_kept_attribute(std::string_view name, Ownership ownership);

// Those of an open file or folder that are kept, by name. Capabilities are as the caller's user
// namespace has them: without the id of its root. None where they cannot be read.
using Attributes = std::vector<std::pair<std::string, std::string>>;
Attributes attributes_of(os::FdView file);

// Sets those of `entry` on an open file or folder; a file system that has none loses user.* ones.
Result<> set_attributes(os::FdView file, const archive::Entry& entry, Ownership ownership);

}  // namespace sbx::image
