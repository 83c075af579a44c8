// What the processes that read layers are left with.
//
// A layer's bytes meet an inflater, a tar reader and file system calls. Whoever takes one of those
// over with them finds a process that is root of a user namespace of its own, in an empty network,
// that can change what is in the staging directory and no more, and that has few system calls.
#pragma once

#include "base/error.h"
#include "os/fd.h"

namespace sbx::image {

// For the process that starts the others, and for those: only `line` and `staging` stay open (and
// /dev/null as 0, 1 and 2), no memory dump, bounded memory, an empty environment, the capabilities
// to make any file, Landlock, and a filter that knows no program, socket or namespace.
Result<> confine(os::FdView line, os::FdView staging);

// On top of that, for a process that makes files, and for one that reads and writes what is open.
Result<> allow_files_alone();
Result<> allow_streams_alone();

}  // namespace sbx::image
