#include "os/ids.h"

#include <gtest/gtest.h>

namespace sbx::os {
namespace {

TEST(IdMap, ExplainsItselfALineForEachRange) {
    const IdMap map{
        .uids = {{.inside = 0, .outside = 1000}, {.inside = 1, .outside = 100000, .count = 65536}},
        .gids = {{.inside = 0, .outside = 1000}}};
    EXPECT_EQ(map.explain(),
              "uid 0 is 1000 outside\n"
              "uid 1 to 65536 are 100000 to 165535 outside\n"
              "gid 0 is 1000 outside\n");
}

TEST(IdMap, OfNothingExplainsNothing) { EXPECT_EQ(IdMap().explain(), ""); }

TEST(IdMap, ReachesTheLastId) {
    const IdMap map{.uids = {{.inside = 0, .outside = 0, .count = 4294967295}}, .gids = {}};
    EXPECT_EQ(map.explain(), "uid 0 to 4294967294 are 0 to 4294967294 outside\n");
}

}  // namespace
}  // namespace sbx::os
