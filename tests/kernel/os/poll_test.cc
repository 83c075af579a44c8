#include "os/poll.h"

#include <signal.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using namespace std::chrono_literals;
using test::fails_saying;
using test::succeeds;
using Outcome = Poll::Outcome;

struct Pipe {
    Fd read_end;
    Fd write_end;
};

Pipe open_pipe() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    return {.read_end = Fd(ends[0]), .write_end = Fd(ends[1])};
}

Poll::Clock::time_point soon() { return Poll::Clock::now() + 10ms; }

TEST(Poll, RunsTheActionOfWhatIsReady) {
    const Pipe ready = open_pipe();
    const Pipe silent = open_pipe();
    ASSERT_TRUE(succeeds(write_all(ready.write_end, "x")));
    std::vector<std::string> seen;
    Poll poll;
    poll.watch(ready.read_end, POLLIN, [&](short) -> Result<> {
        seen.push_back("ready");
        return {};
    });
    poll.watch(silent.read_end, POLLIN, [&](short) -> Result<> {
        seen.push_back("silent");
        return {};
    });
    EXPECT_EQ(*poll.wait(soon()), Outcome::something_happened);
    EXPECT_EQ(*poll.wait(soon()), Outcome::something_happened) << "what is not read stays ready";
    EXPECT_EQ(seen, (std::vector<std::string>{"ready", "ready"}));
}

TEST(Poll, SeesTheEndOfWhatItWatches) {
    Pipe pipe = open_pipe();
    short events = 0;
    Poll poll;
    poll.watch(pipe.read_end, POLLIN, [&](short seen) -> Result<> {
        events = seen;
        return {};
    });
    pipe.write_end.reset();
    EXPECT_EQ(*poll.wait(soon()), Outcome::something_happened);
    EXPECT_NE(events & POLLHUP, 0);
}

TEST(Poll, EndsAtItsDeadline) {
    const auto deadline = soon();
    EXPECT_EQ(*Poll().wait(deadline), Outcome::deadline_passed);
    EXPECT_GE(Poll::Clock::now(), deadline);
    EXPECT_EQ(*Poll().wait(Poll::Clock::now() - 1h), Outcome::deadline_passed);
}

TEST(Poll, ReturnsTheFirstError) {
    const Pipe pipe = open_pipe();
    ASSERT_TRUE(succeeds(write_all(pipe.write_end, "x")));
    Poll poll;
    poll.watch(pipe.read_end, POLLIN,
               [](short) -> Result<> { return Error(Error::Kind::failed, "enough"); });
    EXPECT_TRUE(fails_saying(poll.wait(), "enough"));
    EXPECT_TRUE(fails_saying(poll.wait(), "enough")) << "the action is still there";
}

TEST(Poll, WatchesADescriptorOnce) {
    const Pipe pipe = open_pipe();
    ASSERT_TRUE(succeeds(write_all(pipe.write_end, "x")));
    std::string seen;
    Poll poll;
    poll.watch(pipe.read_end, POLLIN, [&](short) -> Result<> {
        seen += "first ";
        return {};
    });
    poll.watch(pipe.read_end, POLLIN, [&](short) -> Result<> {
        seen += "second ";
        return {};
    });
    EXPECT_EQ(*poll.wait(soon()), Outcome::something_happened);
    EXPECT_EQ(seen, "second ");
}

TEST(Poll, LetsAnActionUnwatchItself) {
    const Pipe pipe = open_pipe();
    ASSERT_TRUE(succeeds(write_all(pipe.write_end, "x")));
    int times = 0;
    Poll poll;
    poll.watch(pipe.read_end, POLLIN, [&](short) -> Result<> {
        ++times;
        poll.unwatch(pipe.read_end);
        return {};
    });
    EXPECT_EQ(*poll.wait(soon()), Outcome::something_happened);
    EXPECT_TRUE(poll.empty());
    EXPECT_EQ(*poll.wait(soon()), Outcome::deadline_passed);
    EXPECT_EQ(times, 1);
}

TEST(Poll, LetsAnActionReplaceItself) {
    const Pipe pipe = open_pipe();
    ASSERT_TRUE(succeeds(write_all(pipe.write_end, "x")));
    std::string seen;
    Poll poll;
    poll.watch(pipe.read_end, POLLIN, [&](short) -> Result<> {
        seen += "first ";
        poll.watch(pipe.read_end, POLLIN, [&](short) -> Result<> {
            seen += "then ";
            return {};
        });
        return {};
    });
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(*poll.wait(soon()), Outcome::something_happened);
    EXPECT_EQ(seen, "first then then ");
}

TEST(Poll, LetsAnActionUnwatchAnother) {
    const Pipe one = open_pipe();
    const Pipe other = open_pipe();
    for (const Pipe* pipe : {&one, &other})
        ASSERT_TRUE(succeeds(write_all(pipe->write_end, "x")));
    int times = 0;
    Poll poll;
    const auto only_me = [&](const Pipe& victim) {
        return [&](short) -> Result<> {
            ++times;
            poll.unwatch(victim.read_end);
            return {};
        };
    };
    poll.watch(one.read_end, POLLIN, only_me(other));
    poll.watch(other.read_end, POLLIN, only_me(one));
    EXPECT_EQ(*poll.wait(soon()), Outcome::something_happened);
    EXPECT_EQ(times, 1);
}

TEST(Poll, GivesEventsToTheWatchTheyWereSeenBy) {
    std::vector<Pipe> pipes;
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(succeeds(write_all(pipes.emplace_back(open_pipe()).write_end, "x")));
    std::string seen;
    Poll poll;
    poll.watch(pipes[0].read_end, POLLIN, [&](short) -> Result<> {
        // Another file of the same number, of which nothing is known yet.
        const Fd silent = open_pipe().read_end;
        EXPECT_TRUE(place_at(silent, pipes[1].read_end.get()));
        poll.watch(pipes[1].read_end, POLLIN, [&](short) -> Result<> {
            seen += "new ";
            return {};
        });
        return {};
    });
    poll.watch(pipes[1].read_end, POLLIN, [&](short) -> Result<> {
        seen += "old ";
        return {};
    });
    EXPECT_EQ(*poll.wait(soon()), Outcome::something_happened);
    EXPECT_EQ(seen, "");
}

TEST(Poll, SaysWhatWasClosedWithoutItsKnowledge) {
    Pipe pipe = open_pipe();
    Poll poll;
    poll.watch(pipe.read_end, POLLIN, [](short) -> Result<> { return {}; });
    const int number = pipe.read_end.get();
    pipe.read_end.reset();
    EXPECT_TRUE(fails_saying(poll.wait(soon()),
                             fmt::format("descriptor {} was closed while it was", number)));
}

TEST(Poll, IsInterruptedByASignal) {
    test::in_own_process([] {
        ::signal(SIGALRM, [](int) {});
        ::ualarm(5000, 0);
        EXPECT_EQ(*Poll().wait(), Outcome::interrupted);
    });
}

TEST(SleepFor, IsNotCutShortByASignal) {
    test::in_own_process([] {
        ::signal(SIGALRM, [](int) {});
        const auto before = Poll::Clock::now();
        ::ualarm(2000, 0);
        sleep_for(std::chrono::milliseconds(30));
        EXPECT_GE(Poll::Clock::now() - before, std::chrono::milliseconds(30));
    });
}

}  // namespace
}  // namespace sbx::os
