#include "image/metadata.h"

#include <gtest/gtest.h>

namespace sbx::image {
namespace {

TEST(Attributes, AreCapabilitiesAndTheUsersOwn) {
    for (const char* name : {"security.capability", "user.mime_type", "user.overlayed"})
        EXPECT_TRUE(is_kept_attribute(name, Ownership::as_recorded)) << name;
}

TEST(Attributes, ThatMeanSomethingElseStayOut) {
    for (const char* name :
         {"user.overlay.opaque", "user.overlay.redirect", "trusted.overlay.opaque", "trusted.x",
          "user.fuseoverlayfs.opaque", "user.containers.override_stat", "security.selinux",
          "security.ima", "system.posix_acl_access", "security.capability.x", ""})
        EXPECT_FALSE(is_kept_attribute(name, Ownership::as_recorded)) << name;
}

TEST(Attributes, LeaveCapabilitiesOutWhereTheyCouldNotBeSet) {
    EXPECT_FALSE(is_kept_attribute("security.capability", Ownership::all_mine));
    EXPECT_TRUE(is_kept_attribute("user.mime_type", Ownership::all_mine));
}

TEST(Owner, IsTheLayersOrMine) {
    const archive::Entry entry{.path = "x", .uid = 33, .gid = 44};
    EXPECT_EQ(owner_of(entry, Ownership::as_recorded).uid, 33U);
    EXPECT_TRUE(owner_of(entry, Ownership::all_mine).is_root());
}

}  // namespace
}  // namespace sbx::image
