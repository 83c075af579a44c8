// Files copied into containers, out of them, and between them: what `cp` is asked for.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/host.h"
#include "store/store.h"

namespace sbx::container {

// One side of a copy.
struct CopyEnd {
    std::string container = {};  // by name or id; empty for the host
    std::string path = {};       // absolute; "-" for an archive on standard input or output

    bool is_stream() const { return container.empty() && path == "-"; }
};

// "box:/etc/motd" or "box:etc/motd"; "file", "./a:b" and "/a:b" are of the host, and below `here`
// where they are not absolute.
CopyEnd parse_copy_end(const std::string& text, const std::string& here);

struct Copying {
    CopyEnd from;
    CopyEnd to;
    bool archive = false;    // keeps owners
    bool overwrite = false;  // a folder gives way to something else, and the other way round
    bool follow_link = false;
};

// What was passed over or is not as it was, a sentence each. Kind::usage where neither side is a
// container.
Result<std::vector<std::string>> copy(const store::Store& store, const sandbox::Host& host,
                                      const Copying& copying);

}  // namespace sbx::container
