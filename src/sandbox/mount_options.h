// The options of a mount as OCI and fstab write them: runtime-spec, config.md, "Linux mount
// options".
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/mount.h"

namespace sbx::sandbox {

struct MountOptions {
    os::Attributes attributes = {};
    os::Depth depth = os::Depth::this_one;  // rbind, or ro and the like made recursive
    bool bind = false;
    bool copy_up = false;
    bool optional = false;
    std::string subpath = {};
    std::vector<os::MountOption> data = {};  // what is the file system's own: size=64m
};

Result<MountOptions> parse_mount_options(const std::vector<std::string>& words);

}  // namespace sbx::sandbox
