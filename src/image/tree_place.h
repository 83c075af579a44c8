// Where a path leads that a person typed, in a tree that may change meanwhile.
#pragma once

#include <string>

#include "base/error.h"
#include "os/root.h"

namespace sbx::image {

// An open folder and the name of something in it, which may be missing; "." means the folder.
struct TreePlace {
    os::Fd folder;
    std::string name = {};
};

// Whether a symbolic link at the end of the path is followed. One before a "/" always is.
enum class LastLink : std::uint8_t { followed, itself };

// Links are followed inside `root`. What they lead to may be missing, the folder it would be in may
// not: that is the error of opening it.
Result<TreePlace> find_place(const os::Root& root, const std::string& path, LastLink last);

// What a copy of `path` is called: its last name, or "." where only its content is meant.
std::string name_of_copy(const std::string& path);

}  // namespace sbx::image
