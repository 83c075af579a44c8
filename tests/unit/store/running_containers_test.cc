#include <gtest/gtest.h>
#include <unistd.h>

#include "os/process.h"
#include "store/containers.h"
#include "support/files.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::store {
namespace {

using test::succeeds;

class RunningContainers : public testing::Test {
protected:
    test::TempStore store_;
    Containers containers_ = *Containers::open(*store_);
    const std::string id_ = std::string(64, 'a');
};

TEST_F(RunningContainers, LiveAsLongAsTheProcessThatWasNoted) {
    const LiveState self{.pid = ::getpid(),
                         .start_time = *os::start_time_of(::getpid()),
                         .monitor = ::getppid(),
                         .started = now()};
    ASSERT_TRUE(succeeds(containers_.write_live(id_, self)));
    ASSERT_TRUE(containers_.live(id_));
    EXPECT_EQ(containers_.live(id_)->monitor, ::getppid());
    ASSERT_TRUE(succeeds(containers_.forget_live(id_)));
    EXPECT_FALSE(containers_.live(id_) || containers_.noted_live(id_));
    EXPECT_TRUE(succeeds(containers_.forget_live(id_))) << "twice is fine";
}

TEST_F(RunningContainers, DoNotLiveOnAsWhoeverGotTheirNumber) {
    ASSERT_TRUE(succeeds(containers_.write_live(
        id_, {.pid = ::getpid(), .start_time = *os::start_time_of(::getpid()) + 1})));
    EXPECT_FALSE(containers_.live(id_));
    EXPECT_TRUE(containers_.noted_live(id_)) << "its end is still to be recorded";
    const std::string file = store_.places().runtime + "/containers/" + id_ + "/state.json";
    for (const char* bad :
         {"", "{}", R"({"pid":-1,"start_time":1,"monitor":1,"monitor_start_time":1,"started":""})",
          R"({"pid":0,"start_time":1,"monitor":1,"monitor_start_time":1,
                                "started":"2024-01-01T00:00:00Z"})"}) {
        test::make_file(file, bad);
        EXPECT_FALSE(containers_.noted_live(id_)) << bad;
    }
}

TEST_F(RunningContainers, AreToStopUntilThatIsForgotten) {
    EXPECT_FALSE(containers_.is_to_stop(id_));
    ASSERT_TRUE(succeeds(containers_.note_stop(id_)));
    EXPECT_TRUE(containers_.is_to_stop(id_));
    ASSERT_TRUE(succeeds(containers_.forget_stop(id_)));
    EXPECT_FALSE(containers_.is_to_stop(id_));
}

TEST_F(RunningContainers, HaveAKeeperAsLongAsItLives) {
    EXPECT_FALSE(containers_.keeper(id_));
    ASSERT_TRUE(succeeds(containers_.note_keeper(id_)));
    ASSERT_TRUE(containers_.keeper(id_));
    EXPECT_EQ(containers_.keeper(id_)->pid, ::getpid());
    test::make_file(store_.places().runtime + "/containers/" + id_ + "/keeper.json",
                    fmt::format(R"({{"pid":{},"start_time":1}})", ::getpid()));
    EXPECT_FALSE(containers_.keeper(id_)) << "another process with its number";
    ASSERT_TRUE(succeeds(containers_.forget_keeper(id_)));
    EXPECT_FALSE(containers_.keeper(id_));
}

}  // namespace
}  // namespace sbx::store
