#include "base/log.h"

#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

namespace sbx::log {
namespace {

// Puts the level back, which is the one global of the program.
class Log : public testing::Test {
protected:
    void TearDown() override { set_level(Level::warning); }

    static std::string written(Level level, std::string_view text) {
        testing::internal::CaptureStderr();
        write(level, text);
        return testing::internal::GetCapturedStderr();
    }
};

TEST_F(Log, SaysWarningsAndErrorsUnlessToldOtherwise) {
    EXPECT_TRUE(enabled(Level::error));
    EXPECT_TRUE(enabled(Level::warning));
    EXPECT_FALSE(enabled(Level::info));
    EXPECT_FALSE(enabled(Level::debug));
}

TEST_F(Log, IsOneLineThatATerminalDoesNotObey) {
    EXPECT_EQ(written(Level::warning, "a\nb\x1b[2J"), "warning: a\\x0ab\\x1b[2J\n");
}

TEST_F(Log, IsSilentBeyondItsLevel) {
    EXPECT_EQ(written(Level::info, "x"), "");
    set_level(Level::info);
    EXPECT_EQ(written(Level::info, "x"), "info: x\n");
    EXPECT_EQ(written(Level::debug, "x"), "");
}

void write_to_a_full_disk() {
    ASSERT_NE(std::freopen("/dev/full", "w", stderr), nullptr);
    write(Level::error, "x");
    std::_Exit(0);
}

TEST_F(Log, OfNoUseIsNoReasonToFail) {
    EXPECT_EXIT(write_to_a_full_disk(), testing::ExitedWithCode(0), "");
}

TEST_F(Log, FormatsDebugLines) {
    set_level(Level::debug);
    testing::internal::CaptureStderr();
    debug("took {} ms", 7);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "debug: took 7 ms\n");
}

}  // namespace
}  // namespace sbx::log
