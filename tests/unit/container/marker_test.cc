#include "container/marker.h"

#include <gtest/gtest.h>

namespace sbx::container {
namespace {

TEST(Marker, NamesTheContainerAndItsImage) {
    const std::string text = marker_text(
        {.id = "abc", .name = "box", .image_id = "sha256:12", .image_name = "localhost/app:1"},
        1000);
    EXPECT_TRUE(text.starts_with("engine=\"sbx-")) << text;
    EXPECT_TRUE(
        text.ends_with("\"\n"
                       "name=\"box\"\n"
                       "id=\"abc\"\n"
                       "image=\"localhost/app:1\"\n"
                       "imageid=\"sha256:12\"\n"
                       "rootless=1\n"))
        << text;
}

TEST(Marker, SaysWhenRootRunsIt) {
    EXPECT_TRUE(marker_text({.id = "abc", .name = "box"}, 0).ends_with("\nrootless=0\n"));
}

TEST(Marker, HoldsNothingThatAShellWouldActOn) {
    const std::string text =
        marker_text({.id = "a", .name = "b", .image_name = "oci:/$(x)`y`\"\\:z"}, 1);
    EXPECT_TRUE(text.contains("\nimage=\"oci:/(x)y:z\"\n")) << text;
}

}  // namespace
}  // namespace sbx::container
