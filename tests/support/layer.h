// Layers unpacked for tests, and what came of them.
#pragma once

#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/stream.h"
#include "image/apply_layer.h"
#include "os/file.h"

namespace sbx::test {

inline Result<image::AppliedLayer> apply_text(const std::string& tar, const std::string& folder,
                                              const image::LayerPolicy& policy = {}) {
    const os::Root root = TRY(os::Root::open(folder));
    archive::TextReader text(tar);
    return image::apply_layer(text, root, policy);
}

// "ok", or the words of the failure.
inline std::string outcome(const std::string& tar, const std::string& folder,
                           const image::LayerPolicy& policy = {}) {
    const Result<image::AppliedLayer> applied = apply_text(tar, folder, policy);
    return applied ? "ok" : applied.error().text();
}

inline std::string content_of(const std::string& path) {
    const os::Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file) return "none";
    return os::read_to_end(file, std::size_t{1} << 20).value_or("unreadable");
}

inline struct stat status_of(const std::string& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) status.st_mode = 0;
    return status;
}

inline bool exists(const std::string& path) { return status_of(path).st_mode != 0; }

}  // namespace sbx::test
