// Files on their way between trees, as a tar archive through a pipe: whoever reads a tree and
// whoever writes one may be different processes, and neither trusts what the other says.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "image/unpack_tree.h"
#include "os/root.h"

namespace sbx::image {

// What was passed over, packed for the way between processes.
std::string pack_notes(const std::vector<std::string>& notes);
std::vector<std::string> notes_in(const std::string& packed);

// All of `root`, without an entry of its own, with devices. What it returns is of pack_notes(), as
// from the others below.
Result<std::string> send_root(const os::Root& root, os::FdView out);

struct Sending {
    std::string path;  // in the root; with "/." at its end only what is in it
    bool follow_link = false;
    bool devices = false;
};
Result<std::string> send(const os::Root& root, const Sending& what, os::FdView out);

struct Receiving {
    std::string path;      // in the root
    bool foreign = false;  // the archive is somebody's, perhaps compressed, not of send()
    UnpackWishes how = {};
};

// What send() has sent becomes `path`, or, where that is a folder, comes to be in it; the folder it
// would be in has to be there. A foreign archive is unpacked into the folder `path`.
Result<std::string> receive(const os::Root& root, const Receiving& to, os::FdView in);

}  // namespace sbx::image
