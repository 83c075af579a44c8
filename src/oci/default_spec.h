// What `sbx-oci spec` writes: a config.json to begin with, as runc's.
#pragma once

#include "oci/spec.h"

namespace sbx::oci {

// A shell on a terminal, in a read-only root file system that lies in the bundle's folder rootfs.
Spec default_spec();

// The same for a user that is not root: with a user namespace in which `user` is root, and without
// what only root can give.
Spec default_rootless_spec(const User& user);

}  // namespace sbx::oci
