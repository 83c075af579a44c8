#include "network/splice.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "support/sockets.h"

namespace sbx::network {
namespace {

using Outcome = Splice::Outcome;

struct Pair {
    Pair() {
        int fds[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), 0);
        near = os::Fd(fds[0]);
        far = os::Fd(fds[1]);
    }
    os::Fd near;
    os::Fd far;
};

class SpliceTest : public testing::Test {
protected:
    Outcome pump() { return splice_.pump(from_.near, to_.near, pipes_); }

    Pair from_;
    Pair to_;
    Pipes pipes_;
    Splice splice_;
};

TEST_F(SpliceTest, CarriesWhatThereIs) {
    EXPECT_EQ(pump(), Outcome::waits);
    ASSERT_TRUE(test::say(from_.far, "words"));
    EXPECT_EQ(pump(), Outcome::waits);
    EXPECT_EQ(test::hear(to_.far), "words");
}

TEST_F(SpliceTest, CarriesTheEndBehindIt) {
    ASSERT_TRUE(test::say(from_.far, "words"));
    ASSERT_EQ(::shutdown(from_.far.get(), SHUT_WR), 0);
    EXPECT_EQ(pump(), Outcome::ended);
    EXPECT_TRUE(splice_.has_ended());
    EXPECT_EQ(test::hear(to_.far), "words");
    EXPECT_EQ(test::hear(to_.far), "(end)");
    EXPECT_EQ(pump(), Outcome::ended);
}

TEST_F(SpliceTest, LosesNothingWhereNobodyReads) {
    const std::string much(std::size_t{1} << 16, 'x');
    std::size_t written = 0;
    for (int round = 0; round < 64; ++round) {
        const ssize_t size = ::send(from_.far.get(), much.data(), much.size(), MSG_NOSIGNAL);
        if (size > 0) written += static_cast<std::size_t>(size);
        EXPECT_NE(pump(), Outcome::broken);
    }
    ASSERT_EQ(::shutdown(from_.far.get(), SHUT_WR), 0);
    std::size_t read = 0;
    for (std::string words; words != "(end)"; words = test::hear(to_.far)) {
        if (words.starts_with('x')) read += words.size();
        EXPECT_NE(pump(), Outcome::broken);
    }
    EXPECT_EQ(read, written);
    EXPECT_GT(read, much.size());
}

TEST_F(SpliceTest, SeesThatTheOtherSideIsGone) {
    ASSERT_TRUE(test::say(from_.far, "words"));
    to_.far.reset();
    const auto before = ::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(pump(), Outcome::broken);
    ::signal(SIGPIPE, before);
}

TEST(Pipes, AreUsedAgain) {
    Pipes pipes;
    os::Pipe pipe = std::move(*pipes.take());
    const int number = pipe.read_end.get();
    pipes.give_back(std::move(pipe));
    EXPECT_EQ(pipes.take()->read_end.get(), number);
}

}  // namespace
}  // namespace sbx::network
