#include "network/events.h"

#include <array>

#include <gtest/gtest.h>

#include "os/pipe.h"
#include "support/results.h"

namespace sbx::network {
namespace {

using test::succeeds;

class EventsTest : public testing::Test {
protected:
    Events events_ = std::move(*Events::open());
    os::Pipe pipe_ = std::move(*os::open_pipe());
    int seen_ = 0;
};

TEST_F(EventsTest, CallsWhoWatches) {
    ASSERT_TRUE(succeeds(events_.watch(pipe_.read_end, EPOLLIN, [&](std::uint32_t) { ++seen_; })));
    ASSERT_TRUE(succeeds(events_.wait(0)));
    EXPECT_EQ(seen_, 0);
    ASSERT_EQ(::write(pipe_.write_end.get(), "x", 1), 1);
    ASSERT_TRUE(succeeds(events_.wait(-1)));
    ASSERT_TRUE(succeeds(events_.wait(-1)));
    EXPECT_EQ(seen_, 2);
}

TEST_F(EventsTest, CallsOnceForAChange) {
    ASSERT_TRUE(succeeds(
        events_.watch(pipe_.read_end, EPOLLIN | EPOLLET, [&](std::uint32_t) { ++seen_; })));
    ASSERT_EQ(::write(pipe_.write_end.get(), "x", 1), 1);
    ASSERT_TRUE(succeeds(events_.wait(-1)));
    ASSERT_TRUE(succeeds(events_.wait(0)));
    EXPECT_EQ(seen_, 1);
}

TEST_F(EventsTest, ForgetsAlsoWhatHasHappenedAlready) {
    const os::Pipe other = std::move(*os::open_pipe());
    const std::array<const os::Pipe*, 2> both = {&pipe_, &other};
    for (const os::Pipe* pipe : both) {
        ASSERT_TRUE(succeeds(events_.watch(pipe->read_end, EPOLLIN, [&](std::uint32_t) {
            ++seen_;
            events_.forget(pipe_.read_end);
            events_.forget(other.read_end);
        })));
        ASSERT_EQ(::write(pipe->write_end.get(), "x", 1), 1);
    }
    ASSERT_TRUE(succeeds(events_.wait(-1)));
    EXPECT_EQ(seen_, 1);
    events_.forget(pipe_.read_end);
}

TEST_F(EventsTest, RefusesWhatCannotBeWatched) {
    EXPECT_FALSE(events_.watch(os::FdView::number(-1), EPOLLIN, [](std::uint32_t) {}));
}

}  // namespace
}  // namespace sbx::network
