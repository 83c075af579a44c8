#include "runtime/resctrl.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "runtime/update.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

using test::fails_saying;
using test::succeeds;

TEST(ResctrlMount, IsFoundByItsType) {
    EXPECT_EQ(resctrl_mount(""), "");
    EXPECT_EQ(resctrl_mount("22 1 0:20 / /sys rw - sysfs resctrl rw\n"
                            "36 35 0:32 / /other rw shared:9 - resctrl resctrl rw\n"),
              "/other");
    EXPECT_EQ(resctrl_mount("36 35 0:32 / /with\\040blank rw - resctrl resctrl rw\n"), "");
    EXPECT_EQ(resctrl_mount("36 - resctrl \n\n - resctrl resctrl rw"), "");
}

TEST(ResctrlMount, IsRefusedByNameWhereThereIsNone) {
    ASSERT_FALSE(open_resctrl());
    EXPECT_TRUE(open_resctrl().failed_as(Error::Kind::unsupported));
    EXPECT_TRUE(fails_saying(open_resctrl(), "groups of resctrl (linux.intelRdt) cannot be had: "));
}

// What is written where, and what is made. These folders stand for the file system, which machines
// that run tests do not have: that a new group has files at once, that the kernel takes what is
// written there, and that a group goes with its files, is not tried.
class ResctrlGroup : public testing::Test {
protected:
    ResctrlGroup() { test::make_folder(folder_.at("info")); }

    // With the files that the kernel gives a new group; as `create` does it.
    Result<ResctrlPlace> make(const oci::IntelRdt& asked) {
        ResctrlPlace place = TRY(place_resctrl_group(folder_.fd(), asked, "box"));
        TRY(make_resctrl_group(folder_.fd(), place));
        for (const char* file : {"/schemata", "/tasks"})
            if (place.own) test::make_file(folder_.at(place.group + file));
        TRY(fill_resctrl_group(folder_.fd(), asked, place));
        return place;
    }
    void make_shared(const std::string& schemata) {
        test::make_folder(folder_.at("shared"));
        test::make_folder(folder_.at("shared/mon_groups"));
        test::make_file(folder_.at("shared/tasks"));
        test::make_file(folder_.at("shared/schemata"), schemata);
    }
    std::string in(const char* file) const { return test::bytes_of(folder_.at(file)); }

    test::TempFolder folder_ = {};
};

TEST_F(ResctrlGroup, IsTheContainersOwnWithoutAName) {
    const Result<ResctrlPlace> place = make({.schemata = {"L2:0=f"},
                                             .l3_cache_schema = "L3:0=ff;1=c0",
                                             .memory_bandwidth_schema = "MB:0=20"});
    ASSERT_TRUE(succeeds(place));
    EXPECT_EQ(place->group, "box");
    EXPECT_EQ(in("box/schemata"), "L3:0=ff;1=c0\nMB:0=20\nL2:0=f\n");
    ASSERT_TRUE(succeeds(join_resctrl_group(folder_.fd(), *place, 4711)));
    EXPECT_EQ(in("box/tasks"), "4711");
    for (const char* file : {"box/schemata", "box/tasks"})
        ::unlink(folder_.at(file).c_str());
    ASSERT_TRUE(succeeds(remove_resctrl_group(folder_.fd(), *place)));
    EXPECT_FALSE(test::exists(folder_.at("box")));
    EXPECT_TRUE(succeeds(remove_resctrl_group(folder_.fd(), *place)));
}

TEST_F(ResctrlGroup, IsMadeWithoutLinesToo) {
    const Result<ResctrlPlace> place = make({});
    ASSERT_TRUE(succeeds(place));
    EXPECT_TRUE(place->own);
    EXPECT_TRUE(test::exists(folder_.at("box")));
    EXPECT_EQ(in("box/schemata"), "");
}

TEST_F(ResctrlGroup, IsOnRecordBeforeItIsThere) {
    const Result<ResctrlPlace> own =
        place_resctrl_group(folder_.fd(), {.enable_monitoring = true}, "box");
    ASSERT_TRUE(succeeds(own));
    EXPECT_TRUE(own->own);
    EXPECT_EQ(own->monitor, "box");
    EXPECT_FALSE(test::exists(folder_.at("box")));
    const oci::IntelRdt gold{.clos_id = "gold", .l3_cache_schema = "L3:0=f"};
    EXPECT_TRUE(place_resctrl_group(folder_.fd(), gold, "box")->own);
    ASSERT_TRUE(succeeds(make(gold)));
    EXPECT_FALSE(place_resctrl_group(folder_.fd(), gold, "box")->own) << "it is of others, too";
}

TEST_F(ResctrlGroup, IsNotAnothersThatHasTheContainersName) {
    ResctrlPlace place = place_resctrl_group(folder_.fd(), {}, "box").value();
    test::make_folder(folder_.at("box"));
    EXPECT_TRUE(make({}).failed_as(Error::Kind::exists));
    EXPECT_TRUE(make_resctrl_group(folder_.fd(), place).failed_as(Error::Kind::exists));
    ASSERT_TRUE(succeeds(remove_resctrl_group(folder_.fd(), place)));
    EXPECT_TRUE(test::exists(folder_.at("box")));
}

TEST_F(ResctrlGroup, ThatAllBeginInGetsNoLines) {
    test::make_file(folder_.at("schemata"), "L3:0=f\n");
    for (const oci::IntelRdt& asked : {oci::IntelRdt{.clos_id = "/", .schemata = {"L3:0=1"}},
                                       oci::IntelRdt{.clos_id = "/", .l3_cache_schema = "L3:0=f"}})
        EXPECT_TRUE(make(asked).failed_as(Error::Kind::denied));
    EXPECT_TRUE(
        write_schemata(folder_.fd(), {.group = "/"}, {"L3:0=1"}).failed_as(Error::Kind::denied));
    EXPECT_EQ(in("schemata"), "L3:0=f\n");
}

TEST_F(ResctrlGroup, HasItsFilesFromTheKernel) {
    test::make_folder(folder_.at("bare"));
    EXPECT_TRUE(fails_saying(join_resctrl_group(folder_.fd(), {.group = "bare"}, 1), "'tasks'"));
    EXPECT_FALSE(test::exists(folder_.at("bare/tasks")));
}

TEST_F(ResctrlGroup, StaysWhereItHasAName) {
    const Result<ResctrlPlace> place = make({.clos_id = "gold", .l3_cache_schema = "L3:0=f"});
    ASSERT_TRUE(succeeds(place));
    EXPECT_EQ(place->group, "gold");
    EXPECT_EQ(in("gold/schemata"), "L3:0=f\n");
    ASSERT_TRUE(succeeds(remove_resctrl_group(folder_.fd(), *place)));
    EXPECT_TRUE(test::exists(folder_.at("gold")));
    EXPECT_FALSE(test::exists(folder_.at("box")));
}

TEST_F(ResctrlGroup, HasToBeThereWhereItHasANameAlone) {
    EXPECT_TRUE(fails_saying(make({.clos_id = "shared"}), "there is no group 'shared' of resctrl"));
    EXPECT_FALSE(test::exists(folder_.at("shared")));
    make_shared("L3:0=ff\n");
    ASSERT_TRUE(succeeds(make({.clos_id = "shared"})));
    EXPECT_EQ(in("shared/schemata"), "L3:0=ff\n");
}

TEST_F(ResctrlGroup, HasToHaveTheLinesThatAreAskedFor) {
    make_shared("    L3:0=7ff;1=00ff\n    MB:0= 50;1=100\n");
    EXPECT_TRUE(succeeds(make({.clos_id = "shared",
                               .l3_cache_schema = "L3:1=FF;0=7ff",
                               .memory_bandwidth_schema = "MB:0=50"})));
    for (const char* line : {"L3:0=7fe", "L3:2=ff", "L2:0=ff"})
        EXPECT_TRUE(fails_saying(make({.clos_id = "shared", .l3_cache_schema = line}),
                                 "the group 'shared' of resctrl is there without"))
            << line;
    EXPECT_FALSE(make({.clos_id = "shared", .memory_bandwidth_schema = "MB:0=20"}));
    EXPECT_FALSE(make({.clos_id = "shared", .schemata = {"L3:1=ff", "MB:0=20"}}));
    EXPECT_TRUE(in("shared/schemata").starts_with("    L3:0=7ff"));
}

TEST_F(ResctrlGroup, MayBeTheOneThatAllBeginIn) {
    test::make_file(folder_.at("tasks"));
    const Result<ResctrlPlace> place = make({.clos_id = "/"});
    ASSERT_TRUE(succeeds(place));
    ASSERT_TRUE(succeeds(join_resctrl_group(folder_.fd(), *place, 12)));
    EXPECT_EQ(in("tasks"), "12");
    EXPECT_TRUE(succeeds(remove_resctrl_group(folder_.fd(), *place)));
    EXPECT_TRUE(test::exists(folder_.path()));
}

TEST_F(ResctrlGroup, IsWatchedInAGroupOfTheContainers) {
    make_shared("L3:0=ff\n");
    const Result<ResctrlPlace> place = make({.clos_id = "shared", .enable_monitoring = true});
    ASSERT_TRUE(succeeds(place));
    test::make_file(folder_.at("shared/mon_groups/box/tasks"));
    ASSERT_TRUE(succeeds(join_resctrl_group(folder_.fd(), *place, 4711)));
    EXPECT_EQ(in("shared/tasks"), "4711");
    EXPECT_EQ(in("shared/mon_groups/box/tasks"), "4711");
    ::unlink(folder_.at("shared/mon_groups/box/tasks").c_str());
    ASSERT_TRUE(succeeds(remove_resctrl_group(folder_.fd(), *place)));
    EXPECT_FALSE(test::exists(folder_.at("shared/mon_groups/box")));
    EXPECT_TRUE(test::exists(folder_.at("shared/schemata")));
}

TEST_F(ResctrlGroup, IsWatchedByTheOlderWordsToo) {
    EXPECT_TRUE(oci::IntelRdt{.enable_cmt = true}.is_monitored());
    EXPECT_TRUE(oci::IntelRdt{.enable_mbm = true}.is_monitored());
    EXPECT_FALSE(oci::IntelRdt{}.is_monitored());
}

TEST_F(ResctrlGroup, LeavesNothingWhereItCannotBeWatched) {
    const oci::IntelRdt asked{.enable_monitoring = true};
    ResctrlPlace place = place_resctrl_group(folder_.fd(), asked, "box").value();
    ASSERT_TRUE(succeeds(make_resctrl_group(folder_.fd(), place)));
    EXPECT_TRUE(
        fails_saying(fill_resctrl_group(folder_.fd(), asked, place), "mon_groups of resctrl"));
    ASSERT_TRUE(succeeds(remove_resctrl_group(folder_.fd(), place)));
    EXPECT_FALSE(test::exists(folder_.at("box")));
}

TEST_F(ResctrlGroup, SaysWhatTheKernelSays) {
    test::make_file(folder_.at("info/last_cmd_status"), "No free CLOSIDs\n");
    ResctrlPlace place{.group = "no/such", .own = true};
    const Result<> made = make_resctrl_group(folder_.fd(), place);
    EXPECT_TRUE(fails_saying(made, "make the group 'no/such' of resctrl"));
    EXPECT_EQ(made.error().hint(), "the kernel: No free CLOSIDs");
    test::make_folder(folder_.at("gold"));
    test::make_folder(folder_.at("gold/tasks"));
    const Result<> joined = join_resctrl_group(folder_.fd(), {.group = "gold"}, 1);
    EXPECT_TRUE(fails_saying(joined, "open 'tasks' of a group of resctrl"));
    EXPECT_EQ(joined.error().hint(), "the kernel: No free CLOSIDs");
}

TEST_F(ResctrlGroup, IsJoinedNoMoreOnceItIsGone) {
    EXPECT_TRUE(
        join_resctrl_group(folder_.fd(), {.group = "gone"}, 1).failed_as(Error::Kind::not_found));
    EXPECT_TRUE(write_schemata(folder_.fd(), {.group = "gone"}, {"MB:0=10"})
                    .failed_as(Error::Kind::not_found));
    EXPECT_TRUE(succeeds(write_schemata(folder_.fd(), {.group = "gone"}, {})));
}

TEST(ResctrlPlace, ComesBackFromItsRecord) {
    const ResctrlPlace place{.group = "gold", .own = true, .monitor = "box"};
    const Result<ResctrlPlace> read = ResctrlPlace::from_json(place.to_json());
    ASSERT_TRUE(succeeds(read));
    EXPECT_EQ(read->to_json().dump(), place.to_json().dump());
    EXPECT_FALSE(ResctrlPlace::from_json(Json::object().set("group", 5)));
}

}  // namespace
}  // namespace sbx::runtime
