#include "os/signals.h"

#include <array>
#include <optional>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::in_own_process;
using test::succeeds;

constexpr std::array kNumbers = {SIGTERM, SIGUSR1};

bool is_blocked(int number) {
    sigset_t set;
    ::sigprocmask(SIG_BLOCK, nullptr, &set);
    return ::sigismember(&set, number) == 1;
}

TEST(SignalQueue, HandsOutWhatWasSent) {
    in_own_process([] {
        Result<SignalQueue> queue = SignalQueue::open(kNumbers);
        ASSERT_TRUE(succeeds(queue));
        EXPECT_EQ(*queue->next(), 0);
        ::kill(::getpid(), SIGTERM);
        ::kill(::getpid(), SIGUSR1);
        EXPECT_EQ(*queue->next() + *queue->next(), SIGTERM + SIGUSR1);
        EXPECT_EQ(*queue->next(), 0);
    });
}

TEST(SignalQueue, BlocksWhileItLives) {
    in_own_process([] {
        {
            const Result<SignalQueue> queue = SignalQueue::open(kNumbers);
            EXPECT_TRUE(is_blocked(SIGTERM));
            EXPECT_FALSE(is_blocked(SIGINT));
        }
        EXPECT_FALSE(is_blocked(SIGTERM));
    });
}

TEST(SignalQueue, MovedBlocksOn) {
    in_own_process([] {
        std::optional<Result<SignalQueue>> queue(SignalQueue::open(kNumbers));
        {
            const SignalQueue moved = std::move(*queue).value();
            queue.reset();
            EXPECT_TRUE(is_blocked(SIGTERM));
        }
        EXPECT_FALSE(is_blocked(SIGTERM));
    });
}

TEST(SignalQueue, LeavesWhatWasBlockedBefore) {
    in_own_process([] {
        sigset_t set;
        ::sigemptyset(&set);
        ::sigaddset(&set, SIGUSR1);
        ::sigprocmask(SIG_BLOCK, &set, nullptr);
        {
            const Result<SignalQueue> queue = SignalQueue::open(kNumbers);
        }
        EXPECT_TRUE(is_blocked(SIGUSR1));
    });
}

TEST(ResetSignals, BlocksAndIgnoresNothing) {
    in_own_process([] {
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_SETMASK, &all, nullptr);
        for (const int number : {SIGPIPE, SIGCHLD, SIGRTMAX})
            ::signal(number, SIG_IGN);
        reset_signals();
        for (int number = 1; number <= SIGRTMAX; ++number)
            EXPECT_FALSE(is_blocked(number)) << number;
        for (const int number : {SIGPIPE, SIGCHLD, SIGRTMAX})
            EXPECT_EQ(::signal(number, SIG_DFL), SIG_DFL) << number;
    });
}

}  // namespace
}  // namespace sbx::os
