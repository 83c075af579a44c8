#include "runtime/update.h"

#include <gtest/gtest.h>

#include "runtime/bundle.h"
#include "support/cgroups.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

using test::fails_saying;
using test::succeeds;

TEST(Update, KeepsWhatIsNotChanged) {
    const oci::Resources had = {.devices = {{.allow = false}},
                                .memory = {.limit = 4096, .swap = 8192},
                                .pids_limit = 5,
                                .block = {.read_bps = {{.major = 8, .rate = 1}}}};
    const Result<oci::Resources> after =
        merged(had, {.devices = {{.allow = true}},
                     .memory = {.limit = 5000},
                     .cpu = {.shares = 10},
                     .block = {.read_bps = {{.major = 9, .rate = 2}}}});
    ASSERT_TRUE(succeeds(after));
    const oci::Resources expected = {.devices = {{.allow = false}},
                                     .memory = {.limit = 5000, .swap = 8192},
                                     .cpu = {.shares = 10},
                                     .pids_limit = 5,
                                     .block = {.read_bps = {{.major = 9, .rate = 2}}}};
    EXPECT_EQ(*after, expected);
}

const sandbox::CgroupHost kHost = {.version_2 = true};

// The machine that builds sbx may have no controllers: a file that every cgroup has stands for the
// limits of others.
TEST(UpdateOfRealRoot, WritesAndRemembers) {
    test::with_cgroups([] {
        test::Box box;
        ASSERT_TRUE(succeeds(box.run()));
        const oci::Resources wrong = {.unified = {{"sbx.max", "5"}}};
        EXPECT_TRUE(
            fails_saying(update(box.states(), "box", wrong, kHost), "the controller 'sbx'"));
        const std::string before = *box.states().find("box")->config();
        EXPECT_FALSE(before.contains("sbx.max"));
        EXPECT_TRUE(succeeds(update(box.states(), "box", {.cpu = {.shares = 0}}, kHost)));
        const std::string config = *box.states().find("box")->config();
        EXPECT_EQ(spec_of("/", config)->resources.cpu.shares, 0U);
        EXPECT_TRUE(fails_saying(update(box.states(), "box", {.memory = {.swappiness = 5}}, kHost),
                                 "memory swappiness cannot be set"));
    });
}

TEST(UpdateOfRealRoot, NeedsACgroupAndAContainer) {
    test::with_cgroups([] {
        test::Box box;
        box.creation.cgroup_manager = sandbox::CgroupManager::disabled;
        ASSERT_TRUE(succeeds(box.run()));
        EXPECT_TRUE(update(box.states(), "box", {.pids_limit = 5}, kHost)
                        .failed_as(Error::Kind::unsupported));
        EXPECT_TRUE(update(box.states(), "nosuch", {.pids_limit = 5}, kHost)
                        .failed_as(Error::Kind::not_found));
    });
}

}  // namespace
}  // namespace sbx::runtime
