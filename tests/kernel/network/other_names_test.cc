#include "network/other_names.h"

#include <gtest/gtest.h>

#include "os/socket.h"
#include "support/results.h"

namespace sbx::network {
namespace {

using namespace std::chrono_literals;
using test::succeeds;

class OtherNamesTest : public testing::Test {
protected:
    // The other end of a line for the member at port 7.
    os::Fd line(const std::string& network, unsigned port = 7) {
        os::SocketPair ends = std::move(*os::open_socket_pair());
        EXPECT_TRUE(succeeds(names_.add(port, network, std::move(ends.one))));
        return std::move(ends.other);
    }

    bool ask(const char* question, const char* frame = "frame") {
        return names_.ask(7, question, frame, now_);
    }

    // What is settled by now: "frame=answer".
    std::vector<std::string> heard() {
        std::vector<pollfd> entries;
        const std::size_t count = names_.watch(entries);
        EXPECT_EQ(count, entries.size());
        EXPECT_GE(::poll(entries.data(), entries.size(), 0), 0);
        std::vector<std::string> all;
        for (const OtherNames::Settled& one : names_.hear(entries, now_)) {
            EXPECT_EQ(one.port, 7U);
            all.push_back(one.frame + "=" + one.answer);
        }
        return all;
    }

    static void say(const os::Fd& line, const char* word) {
        EXPECT_TRUE(succeeds(os::send_message(line, word)));
    }

    using Strings = std::vector<std::string>;

    OtherNames names_ = {};
    OtherNames::Clock::time_point now_ = OtherNames::Clock::now();
};

TEST_F(OtherNamesTest, AreNoneWhereThereIsNoOtherNetwork) {
    const os::Fd anothers = line("back", 8);
    EXPECT_FALSE(ask("db?"));
    EXPECT_EQ(names_.patience(now_), -1);
    EXPECT_EQ(heard(), Strings{});
}

TEST_F(OtherNamesTest, AreOfTheFirstThatKnowsTheName) {
    const os::Fd app = line("app");
    const os::Fd back = line("back");
    ASSERT_TRUE(ask("db?"));
    EXPECT_EQ((*os::receive_message(app))->bytes, "db?");
    EXPECT_EQ((*os::receive_message(back))->bytes, "db?");
    say(app, "-");
    EXPECT_EQ(heard(), Strings{});
    say(back, "here");
    EXPECT_EQ(heard(), Strings{"frame=here"});
    EXPECT_EQ(names_.patience(now_), -1);
}

TEST_F(OtherNamesTest, AreNotKnownWhereNobodyKnowsThem) {
    const os::Fd app = line("app");
    const os::Fd back = line("back");
    ASSERT_TRUE(ask("one?", "1"));
    ASSERT_TRUE(ask("two?", "2"));
    for (const os::Fd* one : {&app, &back}) {
        say(*one, "-");
        say(*one, "-");
    }
    EXPECT_EQ(heard(), Strings{"1="}) << "one message of each at a time";
    EXPECT_EQ(heard(), Strings{"2="});
}

TEST_F(OtherNamesTest, AreNotWaitedForWithoutEnd) {
    const os::Fd app = line("app");
    ASSERT_TRUE(ask("one?", "1"));
    EXPECT_EQ(names_.patience(now_), 1000);
    now_ += 999ms;
    EXPECT_EQ(heard(), Strings{});
    EXPECT_EQ(names_.patience(now_), 1);
    now_ += 1ms;
    EXPECT_EQ(heard(), Strings{"1="});
    ASSERT_TRUE(ask("two?", "2"));
    say(app, "late");
    EXPECT_EQ(heard(), Strings{}) << "that was about the first one";
    say(app, "here");
    EXPECT_EQ(heard(), Strings{"2=here"});
}

TEST_F(OtherNamesTest, EndWithTheLine) {
    os::Fd app = line("app");
    ASSERT_TRUE(ask("one?", "1"));
    app.reset();
    EXPECT_EQ(heard(), Strings{"1="});
    EXPECT_FALSE(ask("two?"));
}

TEST_F(OtherNamesTest, AreOfOneLineToANetwork) {
    const os::Fd before = line("app");
    const os::Fd now = line("app");
    ASSERT_TRUE(ask("one?"));
    EXPECT_FALSE(*os::receive_message(before)) << "its other end is closed";
    EXPECT_EQ((*os::receive_message(now))->bytes, "one?");
}

TEST_F(OtherNamesTest, GoWithTheMember) {
    const os::Fd app = line("app");
    ASSERT_TRUE(ask("one?"));
    names_.remove(7);
    EXPECT_EQ(names_.patience(now_), -1);
    EXPECT_FALSE(ask("two?"));
}

TEST_F(OtherNamesTest, OfOneThatSaysMoreThanItWasAskedAreNotHeard) {
    const os::Fd app = line("app");
    say(app, "here");
    EXPECT_EQ(heard(), Strings{});
    EXPECT_FALSE(ask("one?"));
    const os::Fd back = line("back");
    ASSERT_TRUE(ask("two?", "2"));
    say(back, std::string(513, 'x').c_str());
    EXPECT_EQ(heard(), Strings{"2="});
}

TEST_F(OtherNamesTest, AreAskedSoManyTimesAtOnce) {
    const os::Fd app = line("app");
    for (int i = 0; i < 64; ++i)
        ASSERT_TRUE(ask("one?"));
    EXPECT_TRUE(ask("one?")) << "it is dropped, and not unknown";
    int heard = 0;
    for (pollfd more{.fd = app.get(), .events = POLLIN, .revents = 0}; ::poll(&more, 1, 0) > 0;)
        heard += os::receive_message(app).value() ? 1 : 0;
    EXPECT_EQ(heard, 64);
}

}  // namespace
}  // namespace sbx::network
