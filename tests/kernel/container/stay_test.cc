#include "container/stay.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::container {
namespace {

// In a process of its own, which the signals are for.
void with_signals(const std::function<void(os::SignalQueue&)>& body) {
    test::in_own_process([&] {
        Result<os::SignalQueue> signals = take_signals();
        ASSERT_TRUE(test::succeeds(signals));
        body(*signals);
    });
}

TEST(Stay, ReturnsTheStatusOfTheProgram) {
    with_signals([](os::SignalQueue& signals) {
        os::Process program = *os::spawn(0, [] { ::_exit(5); });
        const auto status = stay({.program = program, .signals = signals});
        ASSERT_TRUE(test::succeeds(status));
        EXPECT_EQ(*status, 5);
    });
}

TEST(Stay, PassesSignalsOn) {
    with_signals([](os::SignalQueue& signals) {
        os::Process program = *os::spawn(0, [] {
            os::reset_signals();
            for (;;)
                ::pause();
        });
        ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
        const auto status = stay({.program = program, .signals = signals});
        ASSERT_TRUE(test::succeeds(status));
        EXPECT_EQ(*status, 128 + SIGTERM);
    });
}

}  // namespace
}  // namespace sbx::container
