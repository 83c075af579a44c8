#include "image/tree_place.h"

#include "os/file.h"

namespace sbx::image {

static constexpr int kMostLinks = 40;  // as the kernel has it

static std::string last_name(const std::string& path) {
    return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

// Nothing in it could be a link: "/", "a/", "a/.", "a/..".
static bool is_folder_by_name(const std::string& path) {
    const std::string last = last_name(path);
    return last.empty() || last == "." || last == "..";
}

static std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == path.npos ? "." : path.substr(0, slash + 1);
}

Result<TreePlace> find_place(const os::Root& root, const std::string& path, LastLink last) {
    std::string at = path;
    for (int hops = 0; hops <= kMostLinks; ++hops) {
        if (is_folder_by_name(at)) {
            os::Fd folder = TRY(root.open_relative(at.empty() ? "." : at, O_PATH | O_DIRECTORY));
            return TreePlace{.folder = std::move(folder), .name = "."};
        }
        TreePlace place{.folder = TRY(root.open_relative(folder_of(at), O_PATH | O_DIRECTORY))};
        place.name = last_name(at);
        if (last == LastLink::itself) return place;
        const Result<std::string> target = os::read_link(place.folder, place.name);
        if (!target) return place;  // no link, or nothing at all
        at = target->starts_with('/') ? *target : folder_of(at) + *target;
    }
    return Error::from_errno(ELOOP, "open '{}'", path);
}

std::string name_of_copy(const std::string& path) {
    if (path.empty() || path.ends_with("/.") || path == "." || path == ".." ||
        path.ends_with("/.."))
        return ".";
    const std::size_t end = path.find_last_not_of('/');
    return end == path.npos ? "." : last_name(path.substr(0, end + 1));
}

}  // namespace sbx::image
