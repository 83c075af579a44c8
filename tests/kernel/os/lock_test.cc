#include "os/lock.h"

#include <optional>

#include <poll.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using namespace std::chrono_literals;
using test::fails_saying;
using test::succeeds;
using test::TempFolder;

TEST(Lock, IsExclusiveWhileItLives) {
    const TempFolder folder;
    std::optional<Lock> held = Lock::try_take(folder.fd(), "lock", Share::exclusive).value();
    const Result<Lock> second = Lock::try_take(folder.fd(), "lock", Share::exclusive);
    EXPECT_TRUE(fails_saying(second, "another sbx holds the lock 'lock'"));
    EXPECT_TRUE(second.failed_as(Error::Kind::busy));
    held.reset();
    EXPECT_TRUE(succeeds(Lock::try_take(folder.fd(), "lock", Share::exclusive)));
}

TEST(Lock, IsSharedByThoseWhoShare) {
    const TempFolder folder;
    const Result<Lock> first = Lock::try_take(folder.fd(), "lock", Share::shared);
    const Result<Lock> second = Lock::try_take(folder.fd(), "lock", Share::shared);
    EXPECT_TRUE(succeeds(first));
    EXPECT_TRUE(succeeds(second));
    EXPECT_TRUE(Lock::try_take(folder.fd(), "lock", Share::exclusive).failed_as(Error::Kind::busy));
}

TEST(Lock, WaitsOnlySoLong) {
    const TempFolder folder;
    const Result<Lock> held = Lock::try_take(folder.fd(), "lock", Share::exclusive);
    const auto begin = std::chrono::steady_clock::now();
    const Result<Lock> second = Lock::take(folder.fd(), "lock", Share::shared, 30ms);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 30ms);
    EXPECT_TRUE(fails_saying(second, "another sbx has held the lock 'lock' for "));
    EXPECT_TRUE(second.failed_as(Error::Kind::busy));
}

// Another process that holds the lock, until its time is over or this value ends.
class Holder {
public:
    Holder(FdView folder, std::chrono::milliseconds time, const std::string& name = "lock") {
        int ends[2];
        EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
        const Fd read_end(ends[0]);
        const Fd write_end(ends[1]);
        process_.emplace(spawn(0, [&] {
                             const auto lock = Lock::try_take(folder, name, Share::exclusive);
                             (void)write_all(write_end, lock ? "y" : "n");
                             ::poll(nullptr, 0, static_cast<int>(time.count()));
                         }).value());
        char byte = 0;
        EXPECT_EQ(::read(read_end.get(), &byte, 1), 1);
        EXPECT_EQ(byte, 'y');
    }

private:
    std::optional<Process> process_;
};

TEST(Lock, IsWaitedFor) {
    const TempFolder folder;
    const Holder holder(folder.fd(), 20ms);
    EXPECT_FALSE(Lock::try_take(folder.fd(), "lock", Share::exclusive));
    EXPECT_TRUE(succeeds(Lock::take(folder.fd(), "lock", Share::exclusive, 10s)));
}

TEST(Lock, OfAKilledProcessIsFree) {
    const TempFolder folder;
    {
        const Holder holder(folder.fd(), 1h);
        EXPECT_FALSE(Lock::try_take(folder.fd(), "lock", Share::shared));
    }
    EXPECT_TRUE(succeeds(Lock::try_take(folder.fd(), "lock", Share::shared)));
}

// A waiter that opened the lock before it was removed must not hold it beside those that came
// later.
TEST(Lock, ThatWasRemovedIsNotHad) {
    const TempFolder folder;
    std::optional<Holder> before(std::in_place, folder.fd(), 1h);
    Process waiter = spawn(0, [&] {
                         const auto lock = Lock::take(folder.fd(), "lock", Share::exclusive, 100ms);
                         ::_exit(lock.failed_as(Error::Kind::busy) ? 0 : 1);
                     }).value();
    // There is no moment at which nobody holds what is called "lock".
    const Holder after(folder.fd(), 1h, "next");
    ASSERT_TRUE(succeeds(rename_at(folder.fd(), "next", "lock")));
    before.reset();
    EXPECT_EQ(waiter.wait()->code, 0);
}

TEST(Lock, FollowsNoLink) {
    const TempFolder folder;
    test::make_link(folder.at("lock"), "elsewhere");
    EXPECT_TRUE(fails_saying(Lock::try_take(folder.fd(), "lock", Share::shared), "open lock"));
    EXPECT_FALSE(test::exists(folder.at("elsewhere")));
}

}  // namespace
}  // namespace sbx::os
