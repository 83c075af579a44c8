// A file, or a folder and all below it, given to another owner: chown(1) -R.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

struct Owner {
    uid_t uid = 0;
    gid_t gid = 0;
};

// `top` is open for reading; ids are those of this process's user namespace. No link is followed,
// no mount below `top` is entered. A file that has a further name somewhere else stays whose it is:
// what is returned are such files, by their paths below `top`. chown(2).
Result<std::vector<std::string>> give_tree(FdView top, Owner owner);

}  // namespace sbx::os
