#include "os/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::succeeds;

TEST(Pipe, CarriesBytesToItsEnd) {
    Pipe pipe = open_pipe().value();
    ASSERT_TRUE(succeeds(write_all(pipe.write_end, "bytes")));
    pipe.write_end.reset();
    EXPECT_EQ(read_to_end(pipe.read_end, 100).value_or(""), "bytes");
}

TEST(Pipe, IsNotHandedOn) {
    const Pipe pipe = open_pipe().value();
    for (const Fd* end : {&pipe.read_end, &pipe.write_end})
        EXPECT_EQ(::fcntl(end->get(), F_GETFD), FD_CLOEXEC);
}

TEST(Pipe, DoesNotWaitWhereItIsTold) {
    const Pipe pipe = open_pipe().value();
    ASSERT_TRUE(succeeds(do_not_wait(pipe.read_end)));
    char byte = 0;
    EXPECT_EQ(::read(pipe.read_end.get(), &byte, 1), -1);
    EXPECT_EQ(errno, EAGAIN);
    EXPECT_EQ(::fcntl(pipe.write_end.get(), F_GETFL) & O_NONBLOCK, 0) << "the other end does";
    EXPECT_TRUE(test::fails_saying(do_not_wait(FdView::number(-1)), "have descriptor -1 not wait"));
}

}  // namespace
}  // namespace sbx::os
