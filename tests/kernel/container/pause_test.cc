#include "container/pause.h"

#include <gtest/gtest.h>

#include "os/processes.h"
#include "support/container_test.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

class PauseTest : public test::ContainerTest {
protected:
    // With children that come and go all the time.
    os::Process start() {
        os::Process sbx = run(
            options("trap 'exit 6' TERM; echo up; while :; do for i in 1 2 3; do true & done; wait;"
                    " done"),
            output_);
        EXPECT_TRUE(comes_up(output_));
        return sbx;
    }

    std::string states() const {  // of its processes
        std::string states;
        for (const pid_t pid : os::processes_with(status()->live->pid))
            states += os::process_stat(pid).value_or(os::ProcessStat()).state;
        return states;
    }

    void end(os::Process& sbx) {
        ASSERT_TRUE(succeeds(remove(store_, record()->id, ids(), Force::kill)));
        EXPECT_EQ(sbx.wait()->code, 137);
    }

    test::Output output_;
};

TEST_F(PauseTest, StopsAllThatIsBornMeanwhile) {
    os::Process sbx = start();
    const Result<Pause> paused = pause(store_, record()->id);
    ASSERT_TRUE(succeeds(paused));
    EXPECT_TRUE(status()->paused);
    EXPECT_EQ(name_of(*status()), "paused");
    if (*paused == Pause::stopped) {
        EXPECT_EQ(states().find_first_not_of("TZ"), std::string::npos) << states();
    }
    ASSERT_TRUE(succeeds(unpause(store_, record()->id)));
    EXPECT_FALSE(status()->paused);
    EXPECT_TRUE(test::comes_true([&] { return states().find_first_of("RSD") == 0; }));
    end(sbx);
}

TEST_F(PauseTest, IsOfWhatRunsAndOnce) {
    os::Process sbx = start();
    EXPECT_TRUE(fails_saying(unpause(store_, record()->id), "it is not paused"));
    ASSERT_TRUE(succeeds(pause(store_, record()->id)));
    EXPECT_TRUE(pause(store_, record()->id).failed_as(Error::Kind::busy));
    const store::Containers containers = store::Containers::open(store_).value();
    const Result<> checked =
        check_not_paused(containers, record()->id, *containers.live(record()->id));
    EXPECT_TRUE(fails_saying(checked, "the container is paused"));
    end(sbx);
}

TEST_F(PauseTest, OfOneThatDoesNotRunIsAFailure) {
    ASSERT_EQ(code_of(options("exit 3")), 3);
    EXPECT_TRUE(fails_saying(pause(store_, record()->id), "it does not run"));
    EXPECT_TRUE(fails_saying(unpause(store_, record()->id), "it is not paused"));
    EXPECT_TRUE(pause(store_, std::string(64, 'a')).failed_as(Error::Kind::not_found));
}

}  // namespace
}  // namespace sbx::container
