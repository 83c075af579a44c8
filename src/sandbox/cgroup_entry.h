// The way of a further process into the cgroup of a container.
#pragma once

#include <string>

#include <sys/types.h>

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/cgroup.h"

namespace sbx::sandbox {

// The folder that a further process of the container with first process `init` is to be born in,
// for CLONE_INTO_CGROUP: where its first process is, for one that has divided its cgroup keeps its
// own processes below; or `below` the container's own cgroup, a path such as "a/b", where given.
//
// Only who may write to a cgroup above both may move a process between two: a user in another
// session may not, and so this process is first moved by systemd into the container's scope, beside
// it, as Cgroup::make() does. Nothing where `place` names no cgroup; Kind::not_found
// where it is gone: nothing enters a container outside of its limits.
Result<os::Fd> open_entry(const CgroupPlace& place, pid_t init, const std::string& below = "");

// What two paths have in common as paths: "/a/b" of "/a/b/c" and "/a/b/cd"; "" at the top.
std::string common_cgroup(const std::string& one, const std::string& other);

}  // namespace sbx::sandbox
