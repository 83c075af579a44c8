#include "runtime/execute.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "oci/default_spec.h"
#include "runtime/create.h"
#include "runtime/remove.h"
#include "sandbox/assumed_host.h"
#include "support/cgroups.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

class ExecuteIn : public testing::Test {
protected:
    ExecuteIn() {
        oci::Spec spec = oci::default_rootless_spec({.uid = ::geteuid(), .gid = ::getegid()});
        spec.process.args = {"/bin/sleep", "60"};
        spec.process.terminal = false;
        spec.root_path = "/";
        spec.mounts.clear();
        spec.masked_paths.clear();
        spec.read_only_paths.clear();
        test::make_file(folder_.at("config.json"), spec.to_json().dump());
        spec.process.args = {"/bin/true"};
        spec.process.capabilities.bounding.push_back("CAP_NO_SUCH");
        test::make_file(folder_.at("process.json"), spec.to_json()["process"].dump());
    }
    ~ExecuteIn() override { (void)remove(states_, "box", Force::yes); }

    void SetUp() override {
        ASSERT_TRUE(test::succeeds(
            create(states_, {.id = "box", .bundle = folder_.path()}, sandbox::assumed_host())));
    }

    Result<int> status_of(ProcessChanges changes) {
        sandbox::Entered entered =
            TRY(execute(states_, {.id = "box", .changes = std::move(changes)}));
        return TRY(entered.process.wait()).code;
    }

    test::TempFolder folder_ = {};
    States states_ = *States::open(folder_.at("states"));
};

TEST_F(ExecuteIn, RunsAProgramWithWhatWasChanged) {
    const Result<int> status =
        status_of({.args = {"/bin/sh", "-c", "[ $A = b ] && [ $PWD = /tmp ] && exit 5"},
                   .cwd = "/tmp",
                   .env = {"A=b"},
                   .user = "0:0"});
    ASSERT_TRUE(test::succeeds(status));
    EXPECT_EQ(*status, 5);
}

TEST_F(ExecuteIn, WarnsOfWhatTheProgramLacks) {
    const Result<sandbox::Entered> entered =
        execute(states_, {.id = "box", .process_file = folder_.at("process.json")});
    ASSERT_TRUE(test::succeeds(entered));
    ASSERT_EQ(entered->warnings.size(), 1U);
    EXPECT_TRUE(entered->warnings.front().contains("CAP_NO_SUCH")) << entered->warnings.front();
}

TEST_F(ExecuteIn, TakesExactIdsAlone) {
    for (const char* user : {"x", "1:", ":1", "0x1", "+1", "-1", "4294967295", "1:2:3", " 1"})
        EXPECT_TRUE(test::fails_saying(status_of({.args = {"true"}, .user = user}), "--user"))
            << user;
    EXPECT_FALSE(status_of({.args = {"true"}, .groups = {"wheel"}}));
    EXPECT_FALSE(status_of({.args = {"true"}, .capabilities = {"CAP_NOSUCH"}}));
}

TEST_F(ExecuteIn, KnowsWhetherTheContainerRuns) {
    ASSERT_TRUE(test::succeeds(remove(states_, "box", Force::yes)));
    EXPECT_TRUE(status_of({.args = {"true"}}).failed_as(Error::Kind::not_found));
}

TEST_F(ExecuteIn, TellsAMissingProgram) {
    EXPECT_TRUE(status_of({.args = {"/nosuch"}}).failed_as(Error::Kind::no_such_command));
}

TEST(ExecuteInACgroupOfRealRoot, IsBornWhereTheContainerIs) {
    test::with_cgroups([] {
        test::Box box;
        ASSERT_TRUE(test::succeeds(box.run()));
        const std::string pid = fmt::format("/proc/{}/cgroup", box.state().pid);
        Result<sandbox::Entered> entered =
            execute(box.states(), {.id = "box", .changes = {.args = {"/bin/sleep", "60"}}});
        ASSERT_TRUE(test::succeeds(entered));
        EXPECT_EQ(test::bytes_of(fmt::format("/proc/{}/cgroup", entered->process.pid())),
                  test::bytes_of(pid));
        test::make_folder(box.cgroup() + "/below");
        Result<sandbox::Entered> below =
            execute(box.states(),
                    {.id = "box", .changes = {.args = {"/bin/sleep", "60"}}, .cgroup = "/below"});
        ASSERT_TRUE(test::succeeds(below));
        EXPECT_EQ(test::bytes_of(box.cgroup() + "/below/cgroup.procs"),
                  fmt::format("{}\n", below->process.pid()));
    });
}

TEST_F(ExecuteIn, RefusesACgroupWhereThereIsNone) {
    EXPECT_FALSE(execute(states_, {.id = "box", .changes = {.args = {"true"}}, .cgroup = "x"}));
}

}  // namespace
}  // namespace sbx::runtime
