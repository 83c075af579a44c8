#include "os/fd.h"

#include <gtest/gtest.h>

#include "os/process.h"

namespace sbx::os {
namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST(Fd, AProcessCanGoOnWithTheDescriptorsThatItNamesAlone) {
    const Fd first(::open("/", O_RDONLY | O_CLOEXEC));
    const Fd second(::open("/", O_RDONLY | O_CLOEXEC));
    const Fd third(::open("/", O_RDONLY | O_CLOEXEC));
    Result<Process> child = spawn(0, [&] {
        const bool closed = close_all_but({third, first}).has_value();
        const bool right = is_open(first.get()) && is_open(third.get()) && !is_open(second.get()) &&
                           !is_open(0) && !is_open(third.get() + 1);
        ::_exit(closed && right ? 0 : 1);
    });
    ASSERT_TRUE(child);
    EXPECT_EQ(child->wait()->code, 0);
}

}  // namespace
}  // namespace sbx::os
