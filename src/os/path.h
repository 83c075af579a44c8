// Paths inside a container, kept apart from paths of the host by type.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx::os {

// Absolute, normal ("/a/b", never "/a//b/" or "/a/../b") and meaningful only under some Root. It is
// never joined to a host path as text: the image decides where its own symbolic links lead.
class InnerPath {
public:
    InnerPath() = default;  // "/"

    // Refuses what is relative, holds "..", or a NUL.
    static Result<InnerPath> parse(std::string_view text);

    // For paths that an image names: any text is some path below "/", and ".." stops there.
    static InnerPath clean(std::string_view text);

    const std::vector<std::string>& names() const { return names_; }
    bool is_root() const { return names_.empty(); }
    std::string text() const;                     // "/a/b"
    std::string relative() const;                 // "a/b", or "." for "/"
    InnerPath parent() const;                     // of "/" it is "/"
    bool contains(const InnerPath& other) const;  // itself, and what is below it

    friend bool operator==(const InnerPath&, const InnerPath&) = default;

private:
    std::vector<std::string> names_;
};

}  // namespace sbx::os
