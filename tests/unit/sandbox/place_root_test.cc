#include <gtest/gtest.h>

#include "sandbox/places.h"
#include "support/requests.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::rootless_host;
using test::shell_request;
using test::succeeds;

template <class Kind>
Kind root_of(const Request& request, Driver driver = Driver::overlay) {
    Host host = rootless_host();
    host.driver = driver;
    Plan plan;
    EXPECT_TRUE(succeeds(place_root(request, host, plan)));
    EXPECT_TRUE(std::holds_alternative<Kind>(plan.root));
    return std::get<Kind>(plan.root);
}

TEST(PlaceRoot, LaysTheTopmostLayerFirst) {
    const OverlayRoot root = root_of<OverlayRoot>(shell_request());
    EXPECT_EQ(root.directory, "/l");
    EXPECT_EQ(root.options,
              "userxattr,lowerdir=top:base,upperdir=../c/1/upper,workdir=../c/1/work");
    EXPECT_EQ(root.mount_point, "../c/1/upper");
}

TEST(PlaceRoot, SparesTheDiskWhereTheChangesGoWithTheContainer) {
    Request request = shell_request();
    request.image->lasting = false;
    const OverlayRoot root = root_of<OverlayRoot>(request);
    EXPECT_TRUE(root.options.starts_with("userxattr,volatile,lowerdir="));
    EXPECT_EQ(root.work, "../c/1/work");
    EXPECT_EQ(root_of<OverlayRoot>(shell_request()).work, "") << "nothing in it is to go";
}

std::string options_of(const Request& request, const Host& host, Driver driver) {
    Host with_driver = host;
    with_driver.driver = driver;
    Plan plan;
    EXPECT_TRUE(succeeds(place_namespaces(request, host, plan)));
    EXPECT_TRUE(succeeds(place_ids(request, host, plan)));
    EXPECT_TRUE(succeeds(place_root(request, with_driver, plan)));
    if (const auto* fuse = std::get_if<FuseRoot>(&plan.root)) return fuse->options;
    return std::get<OverlayRoot>(plan.root).options;
}

TEST(PlaceRoot, LaysWhatImagesLackBelowThem) {
    Request request = shell_request();
    request.image->mount_points = "../m";
    const std::string options = "lowerdir=top:base:../m,upperdir=../c/1/upper,workdir=../c/1/work";
    const Host host = rootless_host();
    EXPECT_EQ(options_of(request, host, Driver::overlay), "userxattr," + options);
    EXPECT_EQ(options_of(request, host, Driver::fuse_overlayfs), options);
    EXPECT_TRUE(options_of(request, test::root_host(), Driver::overlay).contains(options));
    EXPECT_EQ(root_of<CopiedRoot>(request, Driver::copy).layers.size(), 2U);
}

// It is of the store's user, who may not be the owner of /run in the container.
TEST(PlaceRoot, LaysNothingBelowThatIsNotRootsInside) {
    Request request = shell_request();
    request.image->mount_points = "../m";
    Request kept = request;
    kept.user_namespace = KeepId{.uid = 1001, .gid = 1001};
    EXPECT_FALSE(options_of(kept, rootless_host(), Driver::overlay).contains("../m"));
    kept.user_namespace = KeepId{};
    EXPECT_TRUE(options_of(kept, rootless_host(), Driver::overlay).contains("../m"));
    request.user_namespace = AsSpecified{};
    request.spec.namespaces.push_back({.type = "user", .path = "/proc/7/ns/user"});
    EXPECT_FALSE(options_of(request, rootless_host(), Driver::overlay).contains("../m"));
}

TEST(PlaceRoot, GivesFuseNoOptionThatIsTheKernels) {
    Request request = shell_request();
    request.image->lasting = false;
    EXPECT_EQ(root_of<FuseRoot>(request, Driver::fuse_overlayfs).options,
              "lowerdir=top:base,upperdir=../c/1/upper,workdir=../c/1/work");
}

TEST(PlaceRoot, CopiesTheLowestLayerFirst) {
    const CopiedRoot root = root_of<CopiedRoot>(shell_request(), Driver::copy);
    EXPECT_EQ(root.layers, (std::vector<std::string>{"base", "top"}));
    EXPECT_EQ(root.target, "../c/1/copied");
}

// What was written with one driver is nothing to another: a change of the host must not lose it.
TEST(PlaceRoot, IsMadeWithTheDriverThatItsChangesWereMadeWith) {
    Request request = shell_request();
    request.image->driver = Driver::copy;
    root_of<CopiedRoot>(request, Driver::overlay);
    Host host = rootless_host();
    host.driver = Driver::copy;
    host.fuse_program = "";
    for (const Driver gone : {Driver::overlay, Driver::fuse_overlayfs}) {
        request.image->driver = gone;
        Plan plan;
        EXPECT_TRUE(test::fails_saying(
            place_root(request, host, plan),
            "its files are kept with " + std::string(name_of(gone)) + ", which cannot be had now"));
    }
}

TEST(PlaceRoot, OfNoLayersIsTheFolderOfChanges) {
    Request request = shell_request();
    request.image->layers.clear();
    for (const Driver driver : {Driver::overlay, Driver::fuse_overlayfs, Driver::copy})
        EXPECT_EQ(root_of<DirectoryRoot>(request, driver).path, "/l/../c/1/upper");
}

TEST(PlaceRoot, IsAFolderOfTheHostWhereNoImageIsNamed) {
    Request request;
    request.spec.root_path = "/bundle/rootfs";
    EXPECT_EQ(root_of<DirectoryRoot>(request).path, "/bundle/rootfs");
}

TEST(PlaceRoot, SpreadsMountsAsTheDocumentSays) {
    Plan plan;
    Request request = shell_request();
    request.spec.rootfs_propagation = "rslave";
    ASSERT_TRUE(succeeds(place_root(request, rootless_host(), plan)));
    EXPECT_EQ(plan.root_propagation.propagation, MS_SLAVE);
    EXPECT_EQ(plan.root_propagation_depth, os::Depth::and_below);
    request.spec.rootfs_propagation = "shared";
    ASSERT_TRUE(succeeds(place_root(request, rootless_host(), plan)));
    EXPECT_EQ(plan.root_propagation.propagation, MS_SHARED);
    EXPECT_EQ(plan.root_propagation_depth, os::Depth::this_one);
}

}  // namespace
}  // namespace sbx::sandbox
