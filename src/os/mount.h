// Mounts as values: made detached, where nobody sees them, then attached in one step.
#pragma once

#include <string>
#include <vector>

#include <sys/mount.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

struct MountOption {
    std::string name;
    std::string value;  // empty: a flag such as "ro"
};

enum class Depth : std::uint8_t { this_one, and_below };

Result<Fd> clone_mount(FdView directory, const std::string& path, Depth depth);
Result<Fd> clone_mount(const std::string& host_path);  // what is mounted there, and below it
Result<Fd> clone_mount(FdView place, Depth depth);     // of an open file or directory

struct FileSystem {
    std::string type;
    std::string source = {};  // a device, or what the mount table shows; empty: the type
    std::vector<MountOption> options = {};
    std::uint64_t attributes = 0;  // MOUNT_ATTR_*
};

// A new mount of a file system: fsopen(2), fsconfig(2), fsmount(2). Of overlay, whose options
// outgrow the 256 bytes that fsconfig(2) takes, see mount_overlay().
Result<Fd> new_mount(const FileSystem& fs);
Result<Fd> new_mount(const std::string& type, const std::vector<MountOption>& options,
                     std::uint64_t attributes = 0);

// Overlay's options outgrow the 256 bytes that fsconfig(2) takes, so mount(2) makes it, on
// `directory`, one that belongs to sbx. Paths in `options` are relative to the working directory.
Result<> mount_overlay(const std::string& directory, const std::string& options);

// Mounts `fs`, without its options but with `data` as its text, on the open directory `where`: for
// options that are longer than fsconfig(2) takes. Needs the host's /proc.
Result<> mount_on(FdView where, const FileSystem& fs, const std::string& data);

// On `directory`, one that belongs to sbx, what a program that holds `fuse`, an open /dev/fuse,
// will serve there: fuse(4). `type` is "fuse." and the name that lists of mounts show.
Result<> mount_fuse(const std::string& type, const std::string& directory, FdView fuse);

Result<> detach_mount(const std::string& directory);  // MNT_DETACH: open files stay usable

struct Attributes {
    std::uint64_t set = 0;  // MOUNT_ATTR_*
    std::uint64_t clear = 0;
    std::uint64_t propagation = 0;  // MS_PRIVATE, MS_SLAVE, ... or 0
};
Result<> change_mount(FdView mount, Attributes attributes, Depth depth);
Result<> restrict_mount(FdView mount, std::uint64_t attributes);  // sets them, and below it

// The files of `mount`, a detached one, show the ids that `user_namespace` maps theirs to:
// MOUNT_ATTR_IDMAP. Needs CAP_SYS_ADMIN in the user namespace that the file system belongs to.
Result<> map_ids(FdView mount, FdView user_namespace, Depth depth);

Result<> attach_mount(FdView mount, FdView where);

Result<> make_mounts_private();        // no mount made from here on reaches the host
Result<> make_mounts_slaves();         // the same, but what the host mounts still comes in
Result<> pivot_root(FdView new_root);  // drops the old root; leaves the caller in "/"

}  // namespace sbx::os
