// Where sbx keeps its files: XDG Base Directory Specification 0.8.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/error.h"

namespace sbx::store {

// Where runtime folders are made, each with the user's id behind it, for want of one of the user's.
constexpr const char* kSharedRuntime = "/tmp/sbx-runtime-";

struct Places {
    std::string data;     // images, layers, containers, volumes: outlives a reboot
    std::string runtime;  // pids, sockets: gone after a reboot
};

using Environment = std::function<std::optional<std::string>(const char* name)>;

// $XDG_RUNTIME_DIR/sbx or /run/user/UID/sbx; where neither is to be had, a folder in /tmp that
// nobody else may have made before.
std::string runtime_place(const Environment& environment);

// `root` is what the person says, or empty: then $XDG_DATA_HOME/sbx, ~/.local/share/sbx or, for
// root, /var/lib/sbx. The runtime folder is runtime_place(); another root has one of its own in it.
Result<Places> find_places(const std::string& root, const Environment& environment);

}  // namespace sbx::store
