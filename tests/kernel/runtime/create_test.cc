#include "runtime/create.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "oci/default_spec.h"
#include "runtime/processes.h"
#include "runtime/remove.h"
#include "runtime/status.h"
#include "sandbox/assumed_host.h"
#include "support/files.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::runtime {
namespace {

// A bundle whose root file system is the host's, and whose program sleeps.
class Create : public testing::Test {
protected:
    Create() {
        oci::Spec spec = oci::default_rootless_spec({.uid = ::geteuid(), .gid = ::getegid()});
        spec.process.args = {"/bin/sleep", "60"};
        spec.process.terminal = false;
        spec.root_path = "/";
        spec.mounts.clear();
        spec.masked_paths.clear();
        spec.read_only_paths.clear();
        write(spec);
    }
    ~Create() override { (void)remove(states_, "box", Force::yes); }

    void write(const oci::Spec& spec) {
        test::make_file(folder_.at("config.json"), spec.to_json().dump());
    }
    Result<Warnings> create() {
        return runtime::create(states_, creation_, sandbox::assumed_host());
    }
    Status status() { return look_up(states_, "box")->status; }

    test::TempFolder folder_ = {};
    States states_ = *States::open(folder_.at("states"));
    Creation creation_ = {
        .id = "box", .bundle = folder_.path(), .console = {.pid_file = folder_.at("pid")}};
};

TEST_F(Create, MakesWhatWaitsForStart) {
    ASSERT_TRUE(test::succeeds(create()));
    EXPECT_EQ(status(), Status::created);
    EXPECT_EQ(test::bytes_of(folder_.at("pid")),
              fmt::format("{}", look_up(states_, "box")->state.pid));
    ASSERT_TRUE(test::succeeds(start(states_, "box")));
    EXPECT_EQ(status(), Status::running);
    EXPECT_TRUE(start(states_, "box").failed_as(Error::Kind::busy));
}

TEST_F(Create, LeavesNothingWhereThePidFileCannotBeWritten) {
    creation_.console.pid_file = "/no/such/pid";
    EXPECT_FALSE(create());
    EXPECT_TRUE(states_.ids()->empty());
}

TEST_F(Create, IsOfOneIdOnce) {
    ASSERT_TRUE(test::succeeds(create()));
    EXPECT_TRUE(create().failed_as(Error::Kind::exists));
    EXPECT_EQ(status(), Status::created);
}

TEST_F(Create, RunsAProgramAtOnce) {
    Result<Started> started = run(states_, creation_, sandbox::assumed_host());
    ASSERT_TRUE(test::succeeds(started));
    EXPECT_EQ(status(), Status::running);
    ASSERT_TRUE(test::succeeds(signal_first(look_up(states_, "box")->state, SIGKILL)));
    EXPECT_EQ(started->running.init.wait()->code, 128 + SIGKILL);
    EXPECT_TRUE(start(states_, "box").failed_as(Error::Kind::failed));
}

}  // namespace
}  // namespace sbx::runtime
