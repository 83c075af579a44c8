#include "sandbox/mount_sources.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/mount.h"
#include "os/root.h"
#include "support/canary.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;

class Sources : public testing::Test {
protected:
    void SetUp() override { test::make_file(scratch_.path() + "/file", "x"); }

    Plan plan(Bind bind) const {
        bind.from = scratch_.path();
        bind.to = os::InnerPath::clean("/m");
        Plan plan;
        plan.mounts = {std::move(bind)};
        return plan;
    }

    test::Scratch scratch_;
};

constexpr std::uint32_t kShown = 12345;

Bind mapped() {
    return {.from = "",
            .to = {},
            .mapped = {.uids = {{.inside = ::geteuid(), .outside = kShown}},
                       .gids = {{.inside = ::getegid(), .outside = kShown + 1}},
                       .writer = os::IdMap::Writer::privileged}};
}

TEST_F(Sources, AreOpenedBeforeWhereTheirIdsAreMappedOrTheyAreShared) {
    EXPECT_FALSE(opens_before({.from = "", .to = {}}));
    EXPECT_FALSE(opens_before({.from = "", .to = {}, .attributes = {.propagation = MS_SLAVE}}));
    EXPECT_FALSE(opens_before({.from = "", .to = {}, .own = {.propagation = MS_SHARED}}));
    EXPECT_TRUE(opens_before({.from = "", .to = {}, .shared_with_host = true}));
    EXPECT_TRUE(opens_before(mapped()));
}

TEST_F(Sources, AreNoneOfAPlanThatNeedsNone) {
    Result<MountSources> sources = MountSources::open(plan({.from = "", .to = {}}));
    ASSERT_TRUE(succeeds(sources));
    EXPECT_TRUE(fails_saying(sources->take(), "its source was not opened"));
}

TEST_F(Sources, ShowFilesWithMappedIds) {
    Result<MountSources> sources = MountSources::open(plan(mapped()));
    if (::geteuid() != 0) {
        EXPECT_TRUE(fails_saying(sources, "on '/m': ")) << "only root may";
        return;
    }
    ASSERT_TRUE(succeeds(sources));
    Result<os::Fd> mount = sources->take();
    ASSERT_TRUE(succeeds(mount));
    struct stat status{};
    ASSERT_EQ(::fstatat(mount->get(), "file", &status, 0), 0);
    EXPECT_EQ(status.st_uid, kShown);
    EXPECT_EQ(status.st_gid, kShown + 1);
    EXPECT_EQ(test::status(scratch_.path() + "/file").st_uid, ::geteuid()) << "and no other does";
}

TEST_F(Sources, AreNamedWhereTheyAreNotThere) {
    Plan missing = plan(mapped());
    std::get<Bind>(missing.mounts.front()).from = "/no/such";
    EXPECT_TRUE(fails_saying(MountSources::open(missing), "bind '/no/such' on '/m'"));
}

TEST_F(Sources, MayBeMissingWhereTheyAreOptional) {
    IN_NAMESPACES {
        Plan missing = plan({.from = "", .to = {}, .shared_with_host = true});
        auto& bind = std::get<Bind>(missing.mounts.front());
        bind.from = "/no/such";
        EXPECT_TRUE(fails_saying(MountSources::open(missing), "No such file"));
        bind.optional = true;
        Result<MountSources> sources = MountSources::open(missing);
        ASSERT_TRUE(succeeds(sources));
        const Result<os::Fd> none = sources->take();
        ASSERT_TRUE(succeeds(none));
        EXPECT_FALSE(*none);
    };
}

}  // namespace
}  // namespace sbx::sandbox
