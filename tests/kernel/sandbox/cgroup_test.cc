#include "sandbox/cgroup.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/process.h"
#include "sandbox/cgroup_host.h"
#include "support/cgroups.h"
#include "support/files.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;
using test::with_cgroups;

class CgroupOfRealRoot : public testing::Test {
protected:
    static CgroupPlan plan() {
        const std::string top = fmt::format("/sbx-test-{}", ::getpid());
        return {.made = true, .base = "", .path = top + "/inner"};
    }

    static void remove(Cgroup cgroup) {
        const std::string path = cgroup.place().path;
        EXPECT_TRUE(succeeds(std::move(cgroup).remove()));
        EXPECT_FALSE(test::exists(cgroup_mount() + path));
        const std::string top = path.substr(0, path.find('/', 1));
        EXPECT_EQ(::rmdir((cgroup_mount() + top).c_str()), 0);
    }

    static os::Process sleeper(const Cgroup& cgroup) {
        Result<os::Process> child = os::spawn(0, [&] {
            const os::Fd procs(
                ::openat(cgroup.folder().get(), "cgroup.procs", O_WRONLY | O_CLOEXEC));
            if (::write(procs.get(), "0", 1) != 1) ::_exit(1);
            for (;;)
                ::pause();
        });
        EXPECT_TRUE(succeeds(child));
        EXPECT_TRUE(test::comes_true([&] { return cgroup.pids()->size() == 1; }));
        return *std::move(child);
    }
};

TEST_F(CgroupOfRealRoot, IsMadeFoundAndRemoved) {
    with_cgroups([] {
        Result<Cgroup> cgroup = Cgroup::make(plan());
        ASSERT_TRUE(succeeds(cgroup));
        EXPECT_EQ(cgroup->place().path, plan().path);
        EXPECT_EQ(cgroup->pids().value_or(std::vector<pid_t>{1}), std::vector<pid_t>());
        EXPECT_TRUE(succeeds(Cgroup::open(cgroup->place())));
        EXPECT_TRUE(succeeds(cgroup->stats()));
        EXPECT_FALSE(cgroup->had_oom_kill());
        remove(*std::move(cgroup));
    });
}

// By a file that is there without a controller, too.
TEST_F(CgroupOfRealRoot, TakesNoLimitBelowWhatIsInUse) {
    with_cgroups([] {
        Result<Cgroup> cgroup = Cgroup::make(plan());
        ASSERT_TRUE(succeeds(cgroup));
        const CgroupWrite write{
            .file = "cgroup.max.depth", .value = "0", .used_file = "cgroup.freeze"};
        EXPECT_TRUE(succeeds(cgroup->write({write})));
        ASSERT_TRUE(succeeds(cgroup->freeze()));
        EXPECT_TRUE(
            fails_saying(cgroup->write({write}), "0 of 'cgroup.max.depth' are below the 1 in use"));
        remove(*std::move(cgroup));
    });
}

TEST_F(CgroupOfRealRoot, StandsStillGoesOnAndIsKilled) {
    with_cgroups([] {
        Result<Cgroup> cgroup = Cgroup::make(plan());
        ASSERT_TRUE(succeeds(cgroup));
        os::Process child = sleeper(*cgroup);
        EXPECT_EQ(cgroup->pids().value_or(std::vector<pid_t>()), std::vector{child.pid()});
        ASSERT_TRUE(succeeds(cgroup->freeze()));
        EXPECT_TRUE(cgroup->is_frozen().value_or(false));
        ASSERT_TRUE(succeeds(cgroup->thaw()));
        EXPECT_TRUE(test::comes_true([&] { return !cgroup->is_frozen().value_or(true); }));
        ASSERT_TRUE(succeeds(cgroup->kill()));
        EXPECT_EQ(child.wait().value_or(os::ExitStatus{}).code, 128 + 9);
        remove(*std::move(cgroup));
    });
}

TEST_F(CgroupOfRealRoot, GoesWithWhatIsBelowIt) {
    with_cgroups([] {
        Result<Cgroup> cgroup = Cgroup::make(plan());
        ASSERT_TRUE(succeeds(cgroup));
        for (const char* below : {"/a", "/a/b", "/a/b/c", "/d"})
            test::make_folder(cgroup_mount() + cgroup->place().path + below);
        remove(*std::move(cgroup));
    });
}

TEST_F(CgroupOfRealRoot, WithProcessesIsNotTakenAndNotRemoved) {
    with_cgroups([] {
        Result<Cgroup> cgroup = Cgroup::make(plan());
        ASSERT_TRUE(succeeds(cgroup));
        os::Process child = sleeper(*cgroup);
        EXPECT_TRUE(fails_saying(Cgroup::make(plan()), "has processes already"));
        ASSERT_TRUE(succeeds(cgroup->kill()));
        EXPECT_TRUE(succeeds(child.wait()));
        remove(*std::move(cgroup));
    });
}

// A slice has none itself, and all services below it.
TEST_F(CgroupOfRealRoot, WithProcessesFartherBelowIsNotTaken) {
    with_cgroups([] {
        Result<Cgroup> cgroup = Cgroup::make(plan());
        ASSERT_TRUE(succeeds(cgroup));
        CgroupPlan above = plan();
        above.path = above.path.substr(0, above.path.rfind('/'));
        os::Process child = sleeper(*cgroup);
        EXPECT_TRUE(fails_saying(Cgroup::make(above), "has processes already"));
        EXPECT_TRUE(succeeds(cgroup->pids()));
        EXPECT_EQ(cgroup->pids()->size(), 1U);
        ASSERT_TRUE(succeeds(cgroup->kill()));
        EXPECT_TRUE(succeeds(child.wait()));
        remove(*std::move(cgroup));
    });
}

TEST_F(CgroupOfRealRoot, OfOneNameIsNotTheOneBefore) {
    with_cgroups([] {
        Result<Cgroup> first = Cgroup::make(plan());
        ASSERT_TRUE(succeeds(first));
        const Result<CgroupPlace> place = CgroupPlace::from_json(first->place().to_json());
        ASSERT_TRUE(succeeds(place));
        EXPECT_TRUE(succeeds(Cgroup::open(*place)));
        Result<Cgroup> second = Cgroup::make(plan());  // the first has no processes: left behind
        ASSERT_TRUE(succeeds(second));
        EXPECT_TRUE(Cgroup::open(*place).failed_as(Error::Kind::not_found));
        remove(*std::move(second));
    });
}

TEST_F(CgroupOfRealRoot, ThatCannotBeLimitedIsNotLeftBehind) {
    with_cgroups([] {
        CgroupPlan limited = plan();
        limited.writes = {{.file = "sbx.max", .value = "1", .optional = true},
                          {.file = "sbx.none", .value = "1"}};
        EXPECT_TRUE(fails_saying(Cgroup::make(limited), "open 'sbx.none' of a cgroup"));
        EXPECT_FALSE(test::exists(cgroup_mount() + limited.path));
        EXPECT_EQ(
            ::rmdir((cgroup_mount() + limited.path.substr(0, limited.path.rfind('/'))).c_str()), 0);
    });
}

TEST(Cgroup, ThatIsNotThereIsNotFound) {
    EXPECT_TRUE(Cgroup::open({.path = "/no/such/cgroup"}).failed_as(Error::Kind::not_found));
    EXPECT_TRUE(fails_saying(Cgroup::open({}), "no cgroup of its own"));
}

TEST(CgroupPlace, IsReadAgain) {
    const CgroupPlace place{.path = "/a",
                            .unit = "b.scope",
                            .bus = os::BusPlace{.path = "/c", .kind = os::BusPlace::Kind::peer}};
    const Result<CgroupPlace> again = CgroupPlace::from_json(place.to_json());
    ASSERT_TRUE(succeeds(again));
    EXPECT_EQ(again->path, "/a");
    EXPECT_EQ(again->unit, "b.scope");
    EXPECT_EQ(again->bus, place.bus);
    EXPECT_FALSE(CgroupPlace::from_json(Json::object().set("path", 5)));
}

}  // namespace
}  // namespace sbx::sandbox
