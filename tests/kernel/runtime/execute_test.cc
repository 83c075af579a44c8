#include "runtime/execute.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "oci/default_spec.h"
#include "runtime/create.h"
#include "runtime/remove.h"
#include "sandbox/assumed_host.h"
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

}  // namespace
}  // namespace sbx::runtime
