#include <algorithm>

#include <sched.h>

#include "base/text.h"
#include "sandbox/places.h"

namespace sbx::sandbox {

static bool maps_root_to(const std::vector<os::IdRange>& ranges, std::uint32_t outside) {
    return std::ranges::any_of(ranges, [&](const os::IdRange& range) {
        return range.inside == 0 && range.outside == outside && range.count > 0;
    });
}

// Whether what the store's user has made is root's in the container. Of a user namespace that is
// joined nobody knows it yet.
static bool is_roots_inside(const Host& host, const Plan& plan) {
    if (is_own(plan, CLONE_NEWUSER))
        return maps_root_to(plan.ids.uids, host.uid) && maps_root_to(plan.ids.gids, host.gid);
    return host.uid == 0 && host.gid == 0;
}

static std::string overlay_options(const ImageRoot& image, const Host& host, const Plan& plan) {
    std::string lower = join(image.layers, ":");
    if (!image.mount_points.empty() && is_roots_inside(host, plan))
        lower += ":" + image.mount_points;
    return fmt::format("lowerdir={},upperdir={},workdir={}", lower, image.container + "/upper",
                       image.container + "/work");
}

static Result<Driver> driver_for(const ImageRoot& image, const Host& host) {
    const Driver driver = image.driver.value_or(host.driver);
    const bool there = driver == host.driver || driver == Driver::copy ||
                       (driver == Driver::fuse_overlayfs && !host.fuse_program.empty());
    if (there) return driver;
    return Error(Error::Kind::unsupported, "its files are kept with {}, which cannot be had now",
                 name_of(driver))
        .hint("`sbx doctor` says what is in the way");
}

static void place_propagation(std::string_view word, Plan& plan) {
    struct Known {
        std::string_view word;
        std::uint64_t propagation;
    };
    constexpr Known kKnown[] = {{"private", MS_PRIVATE},
                                {"slave", MS_SLAVE},
                                {"shared", MS_SHARED},
                                {"unbindable", MS_UNBINDABLE}};
    const bool below = word.starts_with('r');
    for (const Known& known : kKnown)
        if (known.word == (below ? word.substr(1) : word))
            plan.root_propagation.propagation = known.propagation;
    plan.root_propagation_depth = below ? os::Depth::and_below : os::Depth::this_one;
}

Result<> place_root(const Request& request, const Host& host, Plan& plan) {
    plan.root_read_only = request.spec.root_read_only;
    place_propagation(request.spec.rootfs_propagation, plan);
    if (!request.image) {
        DirectoryRoot root{.path = request.spec.root_path,
                           .read_only_below = request.spec.root_read_only};
        if (plan.root_propagation.propagation == MS_SLAVE) {
            root.propagation = MS_SLAVE;
            plan.hears_host_mounts = true;
        }
        plan.root = std::move(root);
        return {};
    }
    const ImageRoot& image = *request.image;
    if (image.layers.empty()) {  // "FROM scratch" alone: there is nothing to lay the changes over
        plan.root = DirectoryRoot{
            .path = fmt::format("{}/{}/upper", image.layers_directory, image.container)};
        return {};
    }
    // Mounted over what it writes to, where the container's mount namespace hides it.
    const std::string mount_point = image.container + "/upper";
    switch (TRY(driver_for(image, host))) {
        case Driver::overlay:
            // Changes that go with the container need not reach the disk: fsync inside is free.
            plan.root = OverlayRoot{
                .directory = image.layers_directory,
                .options = fmt::format("userxattr,{}{}", image.lasting ? "" : "volatile,",
                                       overlay_options(image, host, plan)),
                .mount_point = mount_point,
                .work = image.lasting ? "" : image.container + "/work"};
            return {};
        case Driver::fuse_overlayfs:
            plan.root = FuseRoot{.program = host.fuse_program,
                                 .directory = image.layers_directory,
                                 .options = overlay_options(image, host, plan),
                                 .mount_point = mount_point};
            return {};
        case Driver::copy:
            plan.root = CopiedRoot{.directory = image.layers_directory,
                                   .layers = {image.layers.rbegin(), image.layers.rend()},
                                   .target = image.container + "/copied"};
            return {};
    }
    std::unreachable();
}

}  // namespace sbx::sandbox
