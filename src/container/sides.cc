#include "container/sides.h"

#include <fcntl.h>

#include "base/text.h"
#include "os/file.h"
#include "os/mount.h"

namespace sbx::container {

Result<sandbox::ImageRoot> sides_of(const sandbox::Request& request) {
    if (!request.image)
        return Error(Error::Kind::unsupported, "its root is a folder here, not an image");
    const auto driver = request.image->driver.value_or(sandbox::Driver::overlay);
    if (driver != sandbox::Driver::overlay)
        return Error(Error::Kind::unsupported, "its files are kept with {}, not with overlay",
                     sandbox::name_of(driver));
    return *request.image;
}

// What they are mounted on is hidden by it in this process alone.
static Result<os::Root> open_together(const sandbox::ImageRoot& image,
                                      const std::vector<std::string>& layers) {
    TRY(os::enter_directory(image.layers_directory));
    if (layers.size() == 1) return os::Root::open(layers.front());
    const std::string place = image.container + "/work";
    TRY(os::mount_overlay(place, "ro,userxattr,lowerdir=" + join(layers, ":")));
    return os::Root::open(place);
}

Result<std::optional<os::Root>> open_lower(const sandbox::ImageRoot& image) {
    if (image.layers.empty()) return std::optional<os::Root>();
    return std::optional(TRY(open_together(image, image.layers)));
}

Result<os::Root> open_upper(const sandbox::ImageRoot& image) {
    TRY(os::enter_directory(image.layers_directory));
    return os::Root::open(image.container + "/upper");
}

Result<os::Root> open_whole(const sandbox::ImageRoot& image) {
    std::vector<std::string> layers = image.layers;
    layers.insert(layers.begin(), image.container + "/upper");
    return open_together(image, layers);
}

std::vector<std::string> mount_targets(const sandbox::Request& request) {
    std::vector<std::string> targets;
    targets.reserve(request.spec.mounts.size());
    for (const oci::Mount& mount : request.spec.mounts)
        targets.push_back(os::InnerPath::clean(mount.destination).text());
    return targets;
}

// Of what is open below `root`, by the names that the kernel knows both by.
static Result<std::string> path_below(const os::Root& root, os::FdView there) {
    const auto path_of = [](os::FdView file) {
        return os::read_link(os::FdView::cwd(), fmt::format("/proc/self/fd/{}", file.get()));
    };
    const std::string top = TRY(path_of(root.directory()));
    const std::string path = TRY(path_of(there));
    if (path.starts_with(top)) return path.substr(top.size());
    return Error(Error::Kind::failed, "'{}' is not below '{}'", path, top);
}

// What the image has not of the target is made where the rest of it leads.
static Result<std::string> without_links(const std::string& target, const os::Root& lower) {
    for (std::size_t end = target.size(); end > 0; end = target.rfind('/', end - 1)) {
        const Result<os::Fd> there = lower.open_relative(target.substr(0, end), O_PATH);
        if (there) return TRY(path_below(lower, *there)) + target.substr(end);
    }
    return target;
}

Result<std::vector<std::string>> without_links(std::vector<std::string> targets,
                                               const std::optional<os::Root>& lower) {
    if (!lower) return targets;
    for (std::string& target : targets)
        target = TRY(without_links(target, *lower), "'{}'", target);
    return targets;
}

}  // namespace sbx::container
