#include "os/path.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::os {

Result<InnerPath> InnerPath::parse(std::string_view text) {
    if (!text.starts_with('/'))
        return Error(Error::Kind::usage, "'{}' is not an absolute path", excerpt(text));
    InnerPath path;
    for (const std::string_view name : split(text, '/')) {
        if (name == "..")
            return Error(Error::Kind::usage, "'{}' contains '..', which a container path may not",
                         excerpt(text));
        if (name.contains('\0'))
            return Error(Error::Kind::usage, "'{}' contains a NUL byte", excerpt(text));
        if (!name.empty() && name != ".") path.names_.emplace_back(name);
    }
    return path;
}

InnerPath InnerPath::clean(std::string_view text) {
    InnerPath path;
    for (const std::string_view name : split(text.substr(0, text.find('\0')), '/')) {
        if (name == ".." && !path.names_.empty()) path.names_.pop_back();
        if (!name.empty() && name != "." && name != "..") path.names_.emplace_back(name);
    }
    return path;
}

std::string InnerPath::text() const { return "/" + join(names_, "/"); }

std::string InnerPath::relative() const { return names_.empty() ? "." : join(names_, "/"); }

InnerPath InnerPath::parent() const {
    InnerPath path = *this;
    if (!path.names_.empty()) path.names_.pop_back();
    return path;
}

bool InnerPath::contains(const InnerPath& other) const {
    return other.names_.size() >= names_.size() &&
           std::equal(names_.begin(), names_.end(), other.names_.begin());
}

}  // namespace sbx::os
