#include "runtime/create.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "oci/default_spec.h"
#include "runtime/processes.h"
#include "runtime/remove.h"
#include "runtime/status.h"
#include "sandbox/assumed_host.h"
#include "support/cgroups.h"
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

// --- in a cgroup ---------------------------------------------------------------------------------

TEST(CreateInACgroupOfRealRoot, IsBornThereAndLeavesNothing) {
    test::with_cgroups([] {
        std::string cgroup;
        {
            test::Box box;
            ASSERT_TRUE(test::succeeds(box.run()));
            cgroup = box.cgroup();
            EXPECT_EQ(test::bytes_of(cgroup + "/cgroup.procs"),
                      fmt::format("{}\n", box.state().pid));
            EXPECT_EQ(box.warnings(), "");
        }
        EXPECT_FALSE(test::exists(cgroup));
    });
}

TEST(CreateInACgroupOfRealRoot, LeavesNoneWhereItFails) {
    test::with_cgroups([] {
        test::Box box;
        box.creation.console.pid_file = "/no/such/pid";
        EXPECT_FALSE(box.create());
        box.creation.console.pid_file = "";
        box.spec().process.cwd = "/no/such/folder";
        box.spec().root_path = "/no/such/root";
        EXPECT_FALSE(box.create());
        EXPECT_FALSE(test::exists("/sys/fs/cgroup" + box.spec().cgroups_path));
        EXPECT_TRUE(box.states().ids()->empty());
    });
}

TEST(CreateInACgroupOfRealRoot, FailsWhereALimitCannotBeHad) {
    test::with_cgroups([] {
        test::Box box;
        box.spec().resources.unified = {{"sbx.max", "5"}};
        EXPECT_TRUE(test::fails_saying(box.create(), "needs the controller 'sbx'"));
        EXPECT_FALSE(test::exists("/sys/fs/cgroup" + box.spec().cgroups_path));
    });
}

TEST(CreateInACgroupOfRealRoot, HasNoneWhereTheyAreDisabled) {
    test::with_cgroups([] {
        test::Box box;
        box.spec().resources.pids_limit = 5;
        box.creation.cgroup_manager = sandbox::CgroupManager::disabled;
        ASSERT_TRUE(test::succeeds(box.create()));
        EXPECT_EQ(box.state().cgroup.path, "");
        EXPECT_EQ(box.warnings(),
                  "linux.resources.pids.limit is not enforced: cgroups are disabled\n"
                  "linux.resources.devices is not enforced: cgroups are disabled\n");
    });
}

TEST(CreateInACgroupOfRealRoot, KeepsRootFromDevices) {
    test::with_cgroups([] {
        test::Box box;
        box.spec().mounts = {{.destination = "/mnt", .type = "tmpfs", .source = "tmpfs"}};
        for (auto* set :
             {&box.spec().process.capabilities.bounding, &box.spec().process.capabilities.effective,
              &box.spec().process.capabilities.permitted})
            set->push_back("CAP_MKNOD");
        // null, and the log of the kernel
        box.spec().process.args = {"/bin/sh", "-c",
                                   "mknod /mnt/a c 1 3 && : </mnt/a && mknod /mnt/b c 1 11 && "
                                   "! (: </mnt/b) && exec sleep 60"};
        ASSERT_TRUE(test::succeeds(box.run()));
        EXPECT_TRUE(test::comes_true([&] {
            return test::bytes_of(fmt::format("/proc/{}/comm", box.state().pid)) == "sleep\n";
        }));
    });
}

}  // namespace
}  // namespace sbx::runtime
