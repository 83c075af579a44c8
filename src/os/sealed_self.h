// The running program as a file that nobody can write to.
//
// What runs in a container can have the kernel execute the program that became it once more, by
// /proc/self/exe, and keep that file open (CVE-2019-5736). It must find one that can neither be
// written to nor have its mode changed through it, whoever owns it:
//
//   - the program's own file, if it is root's alone and this process is not root;
//   - a read-only mount of that file, which is in no namespace: mount_setattr(2) and open_tree(2)
//     reach nobody's mounts but their caller's;
//   - a sealed copy in memory, where such a mount cannot be had: memfd_create(2).
#pragma once

#include <string>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

// To be executed with execute_file(). The mount goes with its descriptor, which is close-on-exec,
// and the program that was executed from it keeps it.
Result<Fd> sealed_self();

// The same of another program, open as `program` and found at `path`.
Result<Fd> sealed(Fd program, const std::string& path);

// That file is what this process runs: executes it where it is another one, with the same
// arguments, environment and descriptors, and returns, to the same place in the program, once it
// is the one. An error: it cannot be had. Before this process has any state to lose.
Result<> run_sealed();

}  // namespace sbx::os
