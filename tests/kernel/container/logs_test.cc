#include "container/logs.h"

#include <poll.h>

#include <gtest/gtest.h>

#include "container/conversation.h"
#include "support/container_test.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::comes_true;
using test::fails_saying;
using test::succeeds;

class LogsTest : public test::ContainerTest {
protected:
    Options logged(const std::string& script) {
        Options options = this->options(script);
        options.log_driver = "k8s-file";
        return options;
    }

    Result<Logs> open() {
        return Logs::open(store::Containers::open(store_).value(), record()->id, Logs::Follow::yes);
    }

    static std::string next(Logs& logs) {
        const auto line = logs.next();
        EXPECT_TRUE(succeeds(line));
        return line && *line ? (*line)->text : "<none>";
    }
};

TEST_F(LogsTest, AreKeptAfterTheEnd) {
    EXPECT_EQ(code_of(logged("echo one; exit 3")), 3);
    Result<Logs> logs = open();
    ASSERT_TRUE(succeeds(logs));
    EXPECT_EQ(next(*logs), "one");
    EXPECT_EQ(next(*logs), "<none>");
    EXPECT_TRUE(comes_true([&] { return !logs->goes_on(); }));
}

TEST_F(LogsTest, GoOnWhileTheContainerDoes) {
    test::Output output;
    Options options = logged("echo up; read x; echo more");
    options.interactive = true;
    Life life = this->life(options);
    const sandbox::Plan plan = life.plan().value();
    os::Fd client = start_monitored(life, plan, [&] { return life.create(); }).value();
    const auto greeting = hear_word(client);
    ASSERT_TRUE(succeeds(greeting));
    Result<Logs> logs = open();
    ASSERT_TRUE(succeeds(logs));
    EXPECT_TRUE(logs->goes_on());
    ASSERT_TRUE(comes_true([&] { return next(*logs) == "up"; }));
    logs->forget_changes();
    ASSERT_EQ(::write((*greeting)->fds.at(1).get(), "\n", 1), 1);
    pollfd change{.fd = logs->change().get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&change, 1, 10'000), 1) << "who follows is told";
    EXPECT_TRUE(comes_true([&] { return next(*logs) == "more"; }));
    client.reset();
    EXPECT_TRUE(comes_true([&] { return !logs->goes_on(); }));
}

TEST_F(LogsTest, AreNotThereWhereTheyWereNotWanted) {
    Options options = logged("echo one");
    options.log_driver = "none";
    EXPECT_EQ(code_of(options), 0);
    EXPECT_TRUE(fails_saying(open(), "with --log-driver none nothing is kept"));
}

}  // namespace
}  // namespace sbx::container
