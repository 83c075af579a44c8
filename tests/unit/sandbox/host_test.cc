#include "sandbox/host.h"

#include <gtest/gtest.h>

#include "support/requests.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

TEST(Driver, IsNamedAsItIsParsed) {
    for (const Driver driver : {Driver::overlay, Driver::fuse_overlayfs, Driver::copy})
        EXPECT_EQ(parse_driver(name_of(driver)).value(), driver);
    for (const char* name : {"", "vfs", "Overlay", "overlay ", "btrfs"})
        EXPECT_TRUE(test::fails_saying(parse_driver(name),
                                       fmt::format("'{}' is not a storage driver: overlay, "
                                                   "fuse-overlayfs, copy",
                                                   name)));
}

TEST(CheckNamespaces, SaysWhyThereAreNoneAndWhoKnowsMore) {
    Host host = test::rootless_host();
    EXPECT_TRUE(test::succeeds(check_namespaces(host)));
    host.no_namespaces = "they are forbidden";
    const Result<> none = check_namespaces(host);
    ASSERT_TRUE(test::fails_saying(none, "no container can be made here: they are forbidden"));
    EXPECT_TRUE(none.error().hint().contains("`sbx doctor`"));
}

TEST(DefaultIds, AreWrittenByWhoeverMay) {
    using Writer = os::IdMap::Writer;
    EXPECT_EQ(default_ids(test::rootless_host()).writer, Writer::helpers);
    EXPECT_EQ(default_ids(test::single_id_host()).writer, Writer::self);
    EXPECT_EQ(default_ids(test::root_host()).writer, Writer::privileged);
}

TEST(DefaultIds, AreOneWhereTheRangeCannotBeUsed) {
    Host host = test::rootless_host();
    EXPECT_TRUE(has_id_range(host));
    host.no_id_range = "newuidmap: not permitted";
    EXPECT_FALSE(has_id_range(host));
    EXPECT_EQ(default_ids(host).explain(), "uid 0 is 1000 outside\ngid 0 is 1000 outside\n");
}

}  // namespace
}  // namespace sbx::sandbox
