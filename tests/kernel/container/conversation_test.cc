#include "container/conversation.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

class ConversationTest : public testing::Test {
protected:
    Result<std::optional<HeardWord>> hear(const std::string& message,
                                          const std::vector<os::FdView>& fds = {}) {
        EXPECT_TRUE(succeeds(os::send_message(ends_.one, message, fds)));
        return hear_word(ends_.other);
    }

    os::SocketPair ends_ = os::open_socket_pair().value();
};

TEST_F(ConversationTest, CarriesNumbersBytesAndDescriptors) {
    const os::Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const auto running = hear(encode(Word::running, 1), {os::FdView(null)});
    ASSERT_TRUE(succeeds(running));
    EXPECT_EQ((*running)->word, Word::running);
    EXPECT_EQ((*running)->number, 1);
    EXPECT_EQ((*running)->fds.size(), 1U);
    EXPECT_EQ((*hear(encode(Word::ended, -7)))->number, -7);
    EXPECT_EQ((*hear(encode(Word::output, "abc")))->bytes, "abc");
    EXPECT_EQ((*hear(encode(Word::errors, "")))->bytes, "");
}

TEST_F(ConversationTest, CarriesAnErrorWhole) {
    const auto heard = hear(encode(Error(Error::Kind::busy, "it is asleep").hint("wait")));
    EXPECT_TRUE(fails_saying(heard, "it is asleep"));
    EXPECT_TRUE(heard.failed_as(Error::Kind::busy));
    EXPECT_EQ(heard.error().hint(), "wait");
}

TEST_F(ConversationTest, EndsWithTheSocket) {
    ends_.one.reset();
    const auto heard = hear_word(ends_.other);
    ASSERT_TRUE(succeeds(heard));
    EXPECT_FALSE(*heard);
}

TEST_F(ConversationTest, TakesAnErrorThatIsNoneForAFailure) { EXPECT_FALSE(hear("f")); }

}  // namespace
}  // namespace sbx::container
