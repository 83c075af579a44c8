#include "container/audience.h"

#include <poll.h>
#include <signal.h>

#include <gtest/gtest.h>

#include "container/conversation.h"
#include "os/socket.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::succeeds;

class AudienceTest : public testing::Test {
protected:
    os::Fd admit() {
        os::SocketPair ends = os::open_socket_pair().value();
        audience_.admit(std::move(ends.one), encode(Word::running, 1), {});
        return std::move(ends.other);
    }

    // What has been said to it, without waiting for more.
    static std::string heard(const os::Fd& socket) {
        std::string words;
        pollfd ready{.fd = socket.get(), .events = POLLIN, .revents = 0};
        while (::poll(&ready, 1, 0) > 0) {
            const auto word = hear_word(socket);
            if (!word || !*word) return words + '.';
            words += static_cast<char>((*word)->word);
            words += (*word)->word == Word::output ? (*word)->bytes : "";
        }
        return words;
    }

    // Until nothing happens at once any more.
    void settle() {
        while (poll_.wait(os::Poll::Clock::now()).value() ==
               os::Poll::Outcome::something_happened) {
        }
    }

    os::Poll poll_;
    int changes_ = 0;
    int ends_ = 0;
    Audience audience_ =
        Audience(poll_, {.on_change = [this] { ++changes_; }, .on_input_end = [this] { ++ends_; }});
};

TEST_F(AudienceTest, IsGreetedAndToldTheSame) {
    const os::Fd one = admit();
    const os::Fd two = admit();
    audience_.tell(encode(Word::output, "a"));
    EXPECT_EQ(heard(one), "roa");
    EXPECT_EQ(heard(two), "roa");
    EXPECT_TRUE(audience_.keeps_up());
}

TEST_F(AudienceTest, MayLeave) {
    os::Fd one = admit();
    const os::Fd two = admit();
    one.reset();
    settle();
    audience_.tell(encode(Word::output, "a"));
    EXPECT_EQ(heard(two), "roa");
    EXPECT_FALSE(audience_.empty());
}

TEST_F(AudienceTest, MayBeGoneBeforeAnybodySawIt) {
    os::Fd one = admit();
    one.reset();
    ::signal(SIGPIPE, SIG_IGN);
    audience_.tell(encode(Word::output, "a"));
    EXPECT_TRUE(audience_.empty());
    EXPECT_TRUE(audience_.keeps_up());
}

TEST_F(AudienceTest, ThatIsSlowGetsAllOfIt) {
    const os::Fd slow = admit();
    const std::string block(30'000, 'x');
    int told = 0;
    for (; audience_.keeps_up(); ++told)
        audience_.tell(encode(Word::output, block));
    const int before = changes_;
    audience_.tell(encode(Word::output, "end"));
    std::string all;
    while (!audience_.keeps_up()) {
        all += heard(slow);
        settle();
    }
    all += heard(slow);
    EXPECT_TRUE(all.ends_with("oend"));
    EXPECT_EQ(all.size(), 1 + static_cast<std::size_t>(told) * (block.size() + 1) + 4);
    EXPECT_GT(changes_, before) << "it is told that they keep up again";
}

TEST_F(AudienceTest, SaysThatItsInputHasEnded) {
    const os::Fd one = admit();
    ASSERT_TRUE(succeeds(os::send_message(one, encode(Word::input_ended))));
    settle();
    EXPECT_EQ(ends_, 1);
    EXPECT_FALSE(audience_.empty());
}

TEST_F(AudienceTest, MaySayWhatItLikes) {
    const os::Fd one = admit();
    for (const char* bytes : {"x", "o", "??????", "f"})
        ASSERT_TRUE(succeeds(os::send_message(one, bytes)));
    settle();
    EXPECT_EQ(ends_, 0);
}

}  // namespace
}  // namespace sbx::container
