#include "sandbox/host.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/json.h"
#include "os/file.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::bytes_of;
using test::make_file;
using test::succeeds;
using test::TempFolder;

class FindHost : public testing::Test {
protected:
    FindHost() { test::make_folder(base_.at("layers")); }

    HostQuery query() const { return {.cache = base_.fd(), .layers = base_.at("layers")}; }
    std::string remembered() const { return bytes_of(base_.at("host.json")); }

    // An answer that no probe would give, so that it shows where it is taken from.
    void remember(std::string_view field, const Json& value) const {
        Json json = Json::parse(remembered()).value();
        make_file(base_.at("host.json"), json.set(field, value).dump());
    }
    void remember_another_program() const { remember("fuse_program", "/another"); }

    TempFolder base_;
};

TEST_F(FindHost, KnowsWhoIsThere) {
    const Result<Host> host = find_host(query());
    ASSERT_TRUE(succeeds(host));
    EXPECT_EQ(host->uid, ::geteuid());
    EXPECT_EQ(host->gid, ::getegid());
    EXPECT_EQ(host->privileged, ::geteuid() == 0);
    EXPECT_EQ(host->no_namespaces, "");
    EXPECT_TRUE(has_id_range(*host));
    EXPECT_FALSE(default_ids(*host).uids.empty());
}

TEST_F(FindHost, RemembersTheAnswers) {
    const Host first = find_host(query()).value();
    remember_another_program();
    const Host second = find_host(query()).value();
    EXPECT_EQ(second.fuse_program, "/another");
    EXPECT_EQ(second.own_proc, first.own_proc);
    EXPECT_EQ(second.driver, first.driver);
}

TEST_F(FindHost, AsksAnewWhereItIsTold) {
    const Host first = find_host(query()).value();
    remember_another_program();
    EXPECT_EQ(find_host_anew(query())->fuse_program, first.fuse_program);
    EXPECT_EQ(find_host(query())->fuse_program, first.fuse_program) << "and remembers that";
}

TEST_F(FindHost, AsksAnewWhereTheAnswersAreForAnotherPlace) {
    const Host first = find_host(query()).value();
    remember_another_program();
    remember("key", "another boot");
    EXPECT_EQ(find_host(query())->fuse_program, first.fuse_program);
}

TEST_F(FindHost, AsksAnewInAnotherNamespace) {
    const Host first = find_host(query()).value();
    remember_another_program();
    IN_NAMESPACES {
        const Result<Host> host = find_host(query());
        ASSERT_TRUE(succeeds(host));
        EXPECT_NE(host->fuse_program, "/another");
        EXPECT_TRUE(host->privileged);
        EXPECT_EQ(default_ids(*host).explain(), "uid 0 is 0 outside\ngid 0 is 0 outside\n");
    };
}

TEST_F(FindHost, TakesNoAnswersThatAreGarbage) {
    const Host first = find_host(query()).value();
    const std::string good = remembered();
    for (const std::string& bad :
         {std::string(), std::string("{"), std::string("[]"), std::string("{\"key\":1}"),
          good.substr(0, good.size() / 2), std::string(1 << 20, ' ')}) {
        make_file(base_.at("host.json"), bad);
        EXPECT_EQ(find_host(query())->driver, first.driver);
        EXPECT_EQ(remembered(), good) << "and makes them good";
    }
}

// What was refused once may have been allowed meanwhile: nobody has to know of a cache for that.
TEST_F(FindHost, TakesNoAnswerThatLacksSomething) {
    const Host first = find_host(query()).value();
    const std::string good = remembered();
    const std::pair<std::string_view, Json> lacks[] = {{"no_namespaces", "refused"},
                                                       {"no_id_range", "newuidmap failed"},
                                                       {"own_proc", false},
                                                       {"own_sysfs", false},
                                                       {"driver", "copy"}};
    for (const auto& [field, value] : lacks) {
        remember(field, value);
        const Host host = find_host(query()).value();
        EXPECT_EQ(host.no_namespaces, "");
        EXPECT_EQ(host.no_id_range, "");
        EXPECT_EQ(host.own_proc, first.own_proc);
        EXPECT_EQ(host.driver, first.driver);
        EXPECT_EQ(remembered(), good) << field;
    }
}

TEST_F(FindHost, RemembersNoAnswerThatLacksSomething) {
    (void)find_host(query());
    EXPECT_NE(remembered(), "");
    const Host lacking =
        find_host_anew({.cache = base_.fd(), .layers = base_.at("missing")}).value();
    EXPECT_NE(lacking.driver, Driver::overlay);
    EXPECT_FALSE(os::exists_at(base_.fd(), "host.json")) << "nor the better one of before";
}

TEST_F(FindHost, NeedsNoPlaceToRemember) {
    const os::Fd proc(::open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    EXPECT_TRUE(succeeds(find_host({.cache = proc, .layers = base_.at("layers")})));
}

// Without newuidmap(1) there is one user, and the reason is kept.
TEST_F(FindHost, GoesWithoutARangeThatCannotBeMapped) {
    ASSERT_EQ(::chmod(base_.path().c_str(), 0755), 0);
    test::in_mapped_namespaces([&] {
        ASSERT_EQ(::mount("/bin/false", "/usr/bin/newuidmap", nullptr, MS_BIND, nullptr), 0);
        // Another user of this namespace, who has a range there.
        make_file(base_.at("subuid"), "1:2:100\n");
        for (const char* file : {"/etc/subuid", "/etc/subgid"})
            ASSERT_EQ(::mount(base_.at("subuid").c_str(), file, nullptr, MS_BIND, nullptr), 0);
        ASSERT_EQ(::setresgid(1, 1, 1), 0);
        ASSERT_EQ(::setresuid(1, 1, 1), 0);
        ASSERT_EQ(::prctl(PR_SET_DUMPABLE, 1), 0);  // or the files in its /proc would be root's
        const Host without = find_host_anew(query()).value();
        EXPECT_FALSE(without.subuids.empty());
        EXPECT_TRUE(without.no_id_range.contains("newuidmap")) << without.no_id_range;
        EXPECT_EQ(without.no_namespaces, "");
        EXPECT_FALSE(has_id_range(without));
        EXPECT_FALSE(os::exists_at(base_.fd(), "host.json")) << "a helper that comes is found";
    });
}

}  // namespace
}  // namespace sbx::sandbox
