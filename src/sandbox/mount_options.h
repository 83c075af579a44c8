// The options of a mount as OCI and fstab write them: runtime-spec, config.md, "Linux mount
// options".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/mount.h"

namespace sbx::sandbox {

struct MountOptions {
    os::Attributes attributes = {};         // ro, nosuid, slave: of the mount alone
    os::Attributes recursive = {};          // rro, rnosuid, rslave: of it and all below it
    os::Depth depth = os::Depth::this_one;  // and_below: rbind
    bool bind = false;
    bool copy_up = false;
    bool is_volume = false;  // copyup: the word that a volume of the store has
    bool optional = false;
    bool source_nofollow = false;  // src-nofollow, dest-nofollow, copy-symlink: crun(1)
    bool target_nofollow = false;
    bool copy_symlink = false;
    std::string subpath = {};
    std::optional<os::Depth> mapped = {};          // idmap, ridmap
    std::vector<os::MountOption> superblock = {};  // sync and the like: nothing to a bind mount
    std::vector<os::MountOption> data = {};        // what is the file system's own: size=64m
};

// Every word that has a meaning of its own here, whatever the file system: not its data, and not
// what has a value.
std::vector<std::string> mount_option_words();

Result<MountOptions> parse_mount_options(const std::vector<std::string>& words);

// Those of a mount that get `own`, and then, with what is below it, `below`.
os::Attributes together(const os::Attributes& own, const os::Attributes& below);

}  // namespace sbx::sandbox
