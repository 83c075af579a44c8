#include "os/fd.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::in_own_process;
using test::succeeds;

int null_device() { return ::open("/dev/null", O_RDWR | O_CLOEXEC); }

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

bool closes_on_exec(int fd) { return (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0; }

TEST(Fd, ClosesWhatItOwns) {
    const int number = null_device();
    {
        const Fd fd(number);
    }
    EXPECT_FALSE(is_open(number));
}

TEST(Fd, MovesItsDescriptor) {
    Fd first(null_device());
    const int number = first.get();
    Fd second(std::move(first));
    EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): what a moved Fd is
    EXPECT_EQ(second.get(), number);
    Fd third(null_device());
    const int replaced = third.get();
    third = std::move(second);
    EXPECT_EQ(third.get(), number);
    EXPECT_FALSE(is_open(replaced));
}

TEST(Fd, MovedOntoItselfStaysOpen) {
    Fd fd(null_device());
    Fd& same = fd;
    fd = std::move(same);
    EXPECT_TRUE(is_open(fd.get()));
}

TEST(Fd, ReleasesWithoutClosing) {
    Fd fd(null_device());
    const Fd owner(fd.release());
    EXPECT_FALSE(fd);
    EXPECT_TRUE(is_open(owner.get()));
}

TEST(CloseOnExecFrom, MarksTheRestAlone) {
    in_own_process([] {
        const int low = ::fcntl(0, F_DUPFD, 100);
        const int high = ::fcntl(0, F_DUPFD, 200);
        ASSERT_TRUE(succeeds(close_on_exec_from(200)));
        EXPECT_FALSE(closes_on_exec(low));
        EXPECT_TRUE(closes_on_exec(high));
    });
}

TEST(CloseFrom, ClosesTheRestAlone) {
    in_own_process([] {
        const int low = ::fcntl(0, F_DUPFD, 100);
        const int high = ::fcntl(0, F_DUPFD, 200);
        ASSERT_TRUE(succeeds(close_from(200)));
        EXPECT_TRUE(is_open(low));
        EXPECT_FALSE(is_open(high));
    });
}

TEST(Duplicate, IsAnotherNumberForTheSameFile) {
    const Fd fd(null_device());
    const Result<Fd> copy = duplicate(fd);
    ASSERT_TRUE(succeeds(copy));
    EXPECT_NE(copy->get(), fd.get());
    EXPECT_GT(copy->get(), 2);
    EXPECT_TRUE(closes_on_exec(copy->get()));
}

TEST(Duplicate, OfNothingNamesTheNumber) {
    EXPECT_TRUE(fails_saying(duplicate(FdView::number(9999)), "duplicate descriptor 9999: Bad"));
}

TEST(KeepAcrossExec, ClearsTheMark) {
    const Fd fd(null_device());
    ASSERT_TRUE(closes_on_exec(fd.get()));
    ASSERT_TRUE(succeeds(keep_across_exec(fd)));
    EXPECT_FALSE(closes_on_exec(fd.get()));
    EXPECT_TRUE(fails_saying(keep_across_exec(FdView::number(9999)), "keep descriptor 9999"));
}

TEST(PlaceAt, GivesANumberThatStaysAcrossExec) {
    in_own_process([] {
        const Fd fd(null_device());
        ASSERT_TRUE(succeeds(place_at(fd, 150)));
        EXPECT_FALSE(closes_on_exec(150));
        EXPECT_TRUE(closes_on_exec(fd.get()));
        ASSERT_TRUE(succeeds(place_at(fd, fd.get())));
        EXPECT_FALSE(closes_on_exec(fd.get()));
        EXPECT_TRUE(fails_saying(place_at(FdView::number(9999), 5), "make a descriptor number 5"));
    });
}

TEST(CloseAllBut, LeavesWhatIsNamed) {
    const Fd first(::open("/", O_RDONLY | O_CLOEXEC));
    const Fd second(::open("/", O_RDONLY | O_CLOEXEC));
    const Fd third(::open("/", O_RDONLY | O_CLOEXEC));
    in_own_process([&] {
        ASSERT_TRUE(succeeds(close_all_but({third, first, FdView(Fd()), FdView::number(2)})));
        EXPECT_TRUE(is_open(first.get()));
        EXPECT_TRUE(is_open(third.get()));
        EXPECT_FALSE(is_open(second.get()));
        EXPECT_FALSE(is_open(0));
    });
}

}  // namespace
}  // namespace sbx::os
