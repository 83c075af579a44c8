// Finding out what the kernel allows, by trying it where a failure harms nobody.
#pragma once

#include <string>

#include "os/ids.h"

namespace sbx::sandbox {

struct Facilities {
    std::string no_namespaces = {};  // why not; empty where user and mount namespaces can be had
    bool own_proc = false;
    bool own_sysfs = false;
    bool overlay = false;  // native overlay in a user namespace, on the file system asked
    bool pure_cgroup2 = false;
    std::string fuse_program = {};  // fuse-overlayfs, where it and /dev/fuse can be used
};

bool is_pure_cgroup2();  // cgroup v2 alone is mounted at /sys/fs/cgroup

// `directory` is where layers are kept; a temporary folder in it is used and removed.
Facilities probe(const os::IdMap& ids, const std::string& directory);

}  // namespace sbx::sandbox
