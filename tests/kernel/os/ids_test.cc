#include "os/ids.h"

#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::in_mapped_namespaces;
using test::succeeds;
using test::with_granted_range;

// Runs `child` under `map`; its status, or why it could not start.
Result<int> status_under(const IdMap& map, const std::function<int()>& child) {
    Process process = TRY(spawn_mapped(map, 0, [&] { ::_exit(child()); }));
    return TRY(process.wait()).code;
}

IdMap own_id() {
    return {.uids = {{.inside = 0, .outside = ::geteuid()}},
            .gids = {{.inside = 0, .outside = ::getegid()}}};
}

// The first ten ids that are granted to this process, behind its own.
IdMap granted_ids() {
    IdMap map = own_id();
    map.uids.push_back({.inside = 1, .outside = 100000, .count = 10});
    map.gids.push_back({.inside = 1, .outside = 100000, .count = 10});
    map.writer = IdMap::Writer::helpers;
    return map;
}

bool can_become(uid_t user) {
    return ::setresgid(user, user, user) == 0 && ::setresuid(user, user, user) == 0;
}

TEST(SpawnMapped, WithItsOwnIdAloneIsRoot) {
    EXPECT_EQ(*status_under(own_id(), [] { return ::getuid() == 0 && ::getgid() == 0 ? 0 : 1; }),
              0);
    EXPECT_EQ(*status_under(own_id(), [] { return can_become(1) ? 1 : 0; }), 0);
}

TEST(SpawnMapped, WithItsOwnIdAloneGivesUpSetgroups) {
    EXPECT_EQ(*status_under(own_id(),
                            [] {
                                const gid_t zero = 0;
                                return ::setgroups(1, &zero) == 0 ? 1 : 0;
                            }),
              0);
}

TEST(SpawnMapped, WithAGrantedRangeHasItsIds) {
    with_granted_range([] {
        EXPECT_EQ(*status_under(granted_ids(), [] { return can_become(10) ? 0 : 1; }), 0);
        EXPECT_EQ(*status_under(granted_ids(), [] { return can_become(11) ? 1 : 0; }), 0);
    });
}

TEST(SpawnMapped, WithAGrantedRangeHasNoGroupsOfItsCaller) {
    with_granted_range(
        [] { EXPECT_EQ(*status_under(granted_ids(), [] { return ::getgroups(0, nullptr); }), 0); });
}

TEST(SpawnMapped, BeyondTheGrantedRangeSaysWhoRefused) {
    with_granted_range([] {
        IdMap map = granted_ids();
        map.uids[1].outside = 4'000'000'000;
        const Result<int> status = status_under(map, [] { return 0; });
        EXPECT_TRUE(fails_saying(status, "mapping user and group ids: newuidmap failed: "));
        EXPECT_TRUE(fails_saying(status, "not allowed"));
        EXPECT_TRUE(status.failed_as(Error::Kind::denied));
    });
}

// Puts `script` in the place of newuidmap and newgidmap.
void replace_newuidmap(const test::TempFolder& folder, std::string_view script) {
    test::make_file(folder.at("script"), script, 0755);
    for (const char* path : {"/usr/bin/newuidmap", "/usr/bin/newgidmap"})
        ASSERT_EQ(::mount(folder.at("script").c_str(), path, nullptr, MS_BIND, nullptr), 0);
}

TEST(SpawnMapped, SaysWhatNewuidmapSays) {
    const test::TempFolder folder;
    IN_NAMESPACES {
        replace_newuidmap(folder, "#!/bin/sh\nprintf 'no\\033[2J way\\n' >&2\nexit 3\n");
        EXPECT_TRUE(fails_saying(status_under(granted_ids(), [] { return 0; }),
                                 "newuidmap failed: no\\x1b[2J way"));
    };
}

TEST(SpawnMapped, SaysThatNewuidmapSaysNothing) {
    const test::TempFolder folder;
    IN_NAMESPACES {
        replace_newuidmap(folder, "#!/bin/sh\nexit 3\n");
        EXPECT_TRUE(fails_saying(status_under(granted_ids(), [] { return 0; }),
                                 "newuidmap failed: it ended with 3 and no reason"));
    };
}

TEST(SpawnMapped, WithoutAMappingNeverRunsItsChild) {
    const test::TempFolder folder;
    IdMap map = own_id();
    map.uids[0].count = 0;
    const auto child = [&] {
        test::make_file(folder.at("ran"));
        return 0;
    };
    EXPECT_TRUE(fails_saying(status_under(map, child), "write '0 "));
    EXPECT_FALSE(test::exists(folder.at("ran")));
}

TEST(SpawnMapped, OfSomebodyElseIsRefused) {
    IdMap map = own_id();
    map.uids[0].outside = 4242;
    test::in_namespaces([&] {  // where even root has no right to that id
        EXPECT_TRUE(fails_saying(status_under(map, [] { return 0; }), "/uid_map'"));
    });
}

TEST(SpawnMapped, ByRootMapsWhatRootHas) {
    in_mapped_namespaces([] {
        const std::vector<IdRange> ranges = {{.inside = 0, .outside = 1000, .count = 100},
                                             {.inside = 100, .outside = 5000, .count = 100}};
        const IdMap map{.uids = ranges, .gids = ranges, .writer = IdMap::Writer::privileged};
        EXPECT_EQ(*status_under(map, [] { return can_become(199) ? 0 : 1; }), 0);
        EXPECT_EQ(*status_under(map, [] { return can_become(200) ? 1 : 0; }), 0);
    });
}

TEST(SpawnMapped, OwnsFilesAsTheIdsOutside) {
    in_mapped_namespaces([] {
        const test::TempFolder folder;
        ASSERT_EQ(::chmod(folder.path().c_str(), 0777), 0);
        const std::vector<IdRange> ranges = {{.inside = 0, .outside = 1000, .count = 10}};
        const IdMap map{.uids = ranges, .gids = ranges, .writer = IdMap::Writer::privileged};
        EXPECT_EQ(*status_under(map,
                                [&] {
                                    const Fd made(::open(folder.at("file").c_str(),
                                                         O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
                                    return made && ::fchown(made.get(), 3, 4) == 0 ? 0 : 1;
                                }),
                  0);
        EXPECT_EQ(test::status(folder.at("file")).st_uid, 1003U);
        EXPECT_EQ(test::status(folder.at("file")).st_gid, 1004U);
    });
}

TEST(SpawnMapped, MakesOtherNamespacesToo) {
    const auto child = [] { ::_exit(::getpid()); };
    Result<Process> process = spawn_mapped(own_id(), CLONE_NEWPID, child);
    ASSERT_TRUE(succeeds(process));
    EXPECT_EQ(process->wait()->code, 1);
}

TEST(StartMapping, OfNoProcessNamesWhatItCouldNotWrite) {
    EXPECT_TRUE(
        fails_saying(start_mapping(0x3fffffff, own_id()), "open '/proc/1073741823/setgroups'"));
}

}  // namespace
}  // namespace sbx::os
