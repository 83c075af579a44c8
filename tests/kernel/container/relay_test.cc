#include "container/relay.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "support/container_test.h"
#include "support/results.h"

namespace sbx::container {
namespace {

class RelayTest : public testing::Test {
protected:
    // A process that joins the person's terminal to `inner_`, until it is left.
    os::Process relay(Relay::Input input) {
        return os::spawn(0,
                         [&] {
                             person_.hang_up();
                             (void)os::make_controlling_terminal(person_.slave());
                             for (int fd = 0; fd <= 2; ++fd)
                                 (void)os::place_at(person_.slave(), fd);
                             join_until_left(input);
                             ::_exit(7);
                         })
            .value();
    }

    void join_until_left(Relay::Input input) const {
        Relay relay = Relay::open(os::duplicate(inner_.master).value(), input, "q").value();
        os::Poll poll;
        relay.join(poll);
        (void)os::write_all(os::FdView::number(1), "joined");
        while (!relay.detached())
            (void)poll.wait();
    }

    std::string typed() {
        char buffer[64];
        const ssize_t n = ::read(inner_.slave.get(), buffer, sizeof buffer);
        return {buffer, static_cast<std::size_t>(n < 0 ? 0 : n)};
    }

    test::Screen person_;
    os::Pty inner_ = os::open_pty(os::Fd(::open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC))).value();
};

TEST_F(RelayTest, CarriesKeysOneWayAndOutputTheOther) {
    os::Process process = relay(Relay::Input::forwarded);
    ASSERT_TRUE(person_.shows("joined"));
    EXPECT_TRUE(person_.is_raw());
    person_.type("ls\r");
    EXPECT_EQ(typed(), "ls\n");
    ASSERT_TRUE(test::succeeds(os::write_all(inner_.slave, "file\n")));
    EXPECT_TRUE(person_.shows("file\r\n"));
    person_.type("q");
    EXPECT_EQ(process.wait()->code, 7);
    EXPECT_FALSE(person_.is_raw());
}

TEST_F(RelayTest, WithoutInputShowsOutputAlone) {
    const os::Process process = relay(Relay::Input::none);
    ASSERT_TRUE(person_.shows("joined"));
    EXPECT_FALSE(person_.is_raw());
    ASSERT_TRUE(test::succeeds(os::write_all(inner_.slave, "file\n")));
    EXPECT_TRUE(person_.shows("file"));
}

TEST_F(RelayTest, HasTheSizeOfThePersonsTerminal) {
    person_.resize({.rows = 21, .columns = 43});
    const os::Process process = relay(Relay::Input::none);
    ASSERT_TRUE(person_.shows("joined"));
    const os::WindowSize size = os::window_size(inner_.master).value();
    EXPECT_EQ(size.rows, 21);
    EXPECT_EQ(size.columns, 43);
}

}  // namespace
}  // namespace sbx::container
