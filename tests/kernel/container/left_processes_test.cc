#include "container/left_processes.h"

#include <sched.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/namespaces.h"
#include "os/process.h"
#include "os/processes.h"
#include "support/container_test.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::comes_true;
using test::succeeds;

// `box` is who has the process namespace; `other` shares it, and leaves a process there.
class LeftProcesses : public test::ContainerTest {
protected:
    void SetUp() override {
        ContainerTest::SetUp();
        box_.emplace(run(options("echo up; exec sleep 1000"), output_));
        ASSERT_TRUE(comes_up(output_));
        Options other = options("sleep 1001 & echo up; exec sleep 1002");
        other.name = "other";
        other.pid = "container:box";
        test::Output said;
        other_.emplace(run(other, said));
        ASSERT_TRUE(said.shows("up"));
        ASSERT_TRUE(comes_true([&] { return containers().live(other_id()).has_value(); }));
    }

    store::Containers containers() const { return store::Containers::open(store_).value(); }
    std::string id_of(const char* name) const { return containers().resolve(name).value(); }
    std::string other_id() const { return id_of("other"); }
    store::LiveState live(const char* name) const { return *containers().live(id_of(name)); }

    // The container's sbx, or its monitor, in the middle of everything.
    void kill_who_sees_to_other() {
        mounts_ = os::mounts_of(live("other").pid);
        ASSERT_NE(mounts_, 0U);
        ASSERT_EQ(::kill(live("other").monitor, SIGKILL), 0);
        ASSERT_TRUE(comes_true([&] { return !containers().live(other_id()); }));
    }

    int left() const {
        int count = 0;
        for (const pid_t pid : os::all_processes())
            if (os::mounts_of(pid) == mounts_) ++count;
        return count;
    }

    test::Output output_;
    std::optional<os::Process> box_;
    std::optional<os::Process> other_;
    std::uint64_t mounts_ = 0;
};

TEST_F(LeftProcesses, GoWithTheContainer) {
    kill_who_sees_to_other();
    EXPECT_TRUE(comes_true([&] { return left() == 1; })) << "what its first process has left";
    ASSERT_TRUE(succeeds(remove(store_, other_id(), ids(), Force::no)));
    EXPECT_TRUE(comes_true([&] { return left() == 0; }));
    EXPECT_TRUE(containers().live(id_of("box"))) << "who has the namespace goes on";
}

TEST_F(LeftProcesses, GoBeforeTheNextLife) {
    kill_who_sees_to_other();
    end_left_processes(containers(), other_id());
    EXPECT_TRUE(comes_true([&] { return left() == 0; }));
    EXPECT_TRUE(containers().live(id_of("box")));
}

TEST_F(LeftProcesses, AreNoneOfALifeThatWasSeenToItsEnd) {
    const os::Fd folder = containers().runtime_folder(other_id()).value();
    EXPECT_TRUE(os::exists_at(folder, "sharer"));
    forget_sharer(folder);
    end_left_processes(containers(), other_id());
    EXPECT_TRUE(containers().live(other_id()));
}

TEST_F(LeftProcesses, AreNoneOfOneThatLives) {
    end_left_processes(containers(), other_id());
    EXPECT_TRUE(containers().live(other_id()));
}

// Not even where it is in a mount namespace that has got the number of the one that is gone.
TEST_F(LeftProcesses, AreNotThoseOfTheOneWhoHasTheNamespace) {
    kill_who_sees_to_other();
    const pid_t box = live("box").pid;
    os::Process stray = os::spawn(0, [&] {
                            const os::Fd init = os::open_process(box).value();
                            if (!os::join_namespaces(init, CLONE_NEWUSER | CLONE_NEWPID)) return;
                            os::Process within = os::spawn(CLONE_NEWNS, [] {
                                                     (void)os::die_with_parent();
                                                     ::pause();
                                                 }).value();
                            (void)within.wait();
                        }).value();
    const auto number_of_stray = [&]() -> std::uint64_t {
        for (const pid_t pid : os::all_processes())
            if (const std::uint64_t mounts = os::mounts_of(pid); mounts != 0 && mounts != mounts_ &&
                                                                 mounts != os::mounts_of(box) &&
                                                                 os::is_in_namespace_of(box, pid))
                return mounts;
        return 0;
    };
    ASSERT_TRUE(comes_true([&] { return number_of_stray() != 0; }));
    const os::Fd folder = containers().runtime_folder(other_id()).value();
    Json note = Json::parse(os::read_file(folder, "sharer", 4096).value()).value();
    note.set("mounts", number_of_stray());
    ASSERT_TRUE(succeeds(os::write_atomic(folder, "sharer", note.dump())));
    end_left_processes(containers(), other_id());
    EXPECT_TRUE(comes_true([&] { return left() == 0; }));
    EXPECT_NE(number_of_stray(), 0U);
}

TEST_F(LeftProcesses, AreNoneWhereTheNoteIsDamaged) {
    const os::Fd folder = containers().runtime_folder(other_id()).value();
    for (const char* note : {"", "x", "{}", R"({"sharer":"x"})", R"({"sharer":1})"}) {
        ASSERT_TRUE(succeeds(os::write_atomic(folder, "sharer", note)));
        end_left_processes(containers(), other_id());
        EXPECT_FALSE(os::exists_at(folder, "sharer")) << note;
    }
    EXPECT_TRUE(containers().live(other_id()));
}

}  // namespace
}  // namespace sbx::container
