#include "container/sides.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

// Opening them: tests/cli/diff.bats, tests/cli/commit.bats.

TEST(Sides, AreThoseOfAnImageOverOverlay) {
    sandbox::Request request;
    EXPECT_TRUE(test::fails_saying(sides_of(request), "its root is a folder here"));
    request.image =
        sandbox::ImageRoot{.layers_directory = "/l", .layers = {"AB"}, .container = "c"};
    EXPECT_EQ(sides_of(request)->container, "c");
    for (const sandbox::Driver driver : {sandbox::Driver::copy, sandbox::Driver::fuse_overlayfs}) {
        request.image->driver = driver;
        const Result<sandbox::ImageRoot> sides = sides_of(request);
        EXPECT_TRUE(test::fails_saying(sides, "its files are kept with "));
        EXPECT_TRUE(sides.failed_as(Error::Kind::unsupported));
    }
}

TEST(Sides, HaveMountsWhereTheSpecSays) {
    sandbox::Request request;
    request.spec.mounts = {{.destination = "/data/../srv//x/", .type = "bind"},
                           {.destination = "/run/secrets/a", .type = "secret"}};
    EXPECT_EQ(mount_targets(request), (std::vector<std::string>{"/srv/x", "/run/secrets/a"}));
}

}  // namespace
}  // namespace sbx::container
