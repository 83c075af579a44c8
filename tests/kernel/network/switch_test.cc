#include "network/switch.h"

#include <time.h>

#include <sys/resource.h>

#include <gtest/gtest.h>

#include "os/process.h"
#include "support/lan.h"
#include "support/namespaces.h"

namespace sbx::network {
namespace {

using test::fails_saying;
using test::succeeds;

// A switch in a process of its own, and the line of who has started it.
class SwitchTest : public testing::Test {
protected:
    void begin(const SharedNetwork& network) {
        os::SocketPair ends = *os::open_socket_pair();
        const os::Fd listener = *os::listen_at(folder_.fd(), "socket");
        process_.emplace(std::move(*os::spawn(0, [&] {
            ends.one.reset();
            const Result<std::unique_ptr<Switch>> made =
                Switch::open({.listener = listener,
                              .first = std::move(ends.other),
                              .owner = ::geteuid(),
                              .network = network,
                              .is_of_host = [](const Address&) { return false; },
                              .resolv = ""});
            ::_exit(made && (*made)->run() ? 7 : 1);
        })));
        line_ = std::move(ends.one);
    }

    Result<Json> ask(const Json& question, const std::vector<os::FdView>& fds = {}) {
        TRY(os::send_message(line_, question.dump(), fds));
        const std::optional<os::Message> answer = TRY(os::receive_message(line_));
        if (!answer) return Error(Error::Kind::failed, "it has closed");
        return parse_word(*answer);
    }
    Result<Json> join() { return ask(test::applicant("web", 'b').to_json().set("verb", "join")); }

    // How many descriptors it may have at once.
    void limit_descriptors(rlim_t number) const {
        rlimit limit{};
        ASSERT_EQ(::prlimit(process_->pid(), RLIMIT_NOFILE, nullptr, &limit), 0);
        limit.rlim_cur = number;
        ASSERT_EQ(::prlimit(process_->pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
    }

    // That it has worked so far.
    std::chrono::nanoseconds worked() const {
        clockid_t clock{};
        timespec time{};
        EXPECT_EQ(::clock_getcpuclockid(process_->pid(), &clock), 0);
        EXPECT_EQ(::clock_gettime(clock, &time), 0);
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }

    test::TempFolder folder_;
    os::Fd line_;
    std::optional<os::Process> process_ = {};
};

TEST_F(SwitchTest, SaysWhatIsOutOfStep) {
    begin(test::internal_network());
    const test::DeviceEnds ends = test::device();
    EXPECT_TRUE(fails_saying(ask(Json::object()), "verb"));
    EXPECT_TRUE(fails_saying(ask(Json::object().set("verb", "dance")), "out of step"));
    EXPECT_TRUE(
        fails_saying(ask(Json::object().set("verb", "device"), {ends.outside}), "out of step"));
    EXPECT_TRUE(succeeds(join()));
    EXPECT_TRUE(fails_saying(join(), "out of step"));
    EXPECT_TRUE(fails_saying(ask(Json::object().set("verb", "device")), "out of step"));
    EXPECT_TRUE(succeeds(ask(Json::object().set("verb", "device"), {ends.outside})));
    line_.reset();
    EXPECT_EQ(process_->wait()->code, 7) << "it ends in peace";
}

TEST_F(SwitchTest, EndsWhereWhoeverHasStartedItNeverComes) {
    begin(test::internal_network());
    line_.reset();
    EXPECT_EQ(process_->wait()->code, 7);
}

TEST_F(SwitchTest, LetsNobodyElseConnect) {
    test::in_mapped_namespaces([&] {
        begin(test::internal_network());
        os::Process other = std::move(*os::spawn(0, [&] {
            if (::fchmodat(folder_.fd().get(), "socket", 0777, 0) != 0 ||
                ::fchmod(folder_.fd().get(), 0755) != 0 || ::setuid(1000) != 0)
                ::_exit(9);
            const Result<os::Fd> line = os::connect_at(folder_.fd(), "socket");
            if (!line) ::_exit(8);
            (void)os::send_message(*line, Json::object().set("verb", "leave").dump());
            const auto answer = os::receive_message(*line);
            ::_exit(answer && *answer ? 0 : 5);
        }));
        EXPECT_EQ(other.wait()->code, 5);
        EXPECT_TRUE(succeeds(join()));
        line_.reset();
        (void)process_->wait();
    });
}

TEST_F(SwitchTest, WaitsWhereItHasNoDescriptorForWhoComes) {
    using namespace std::chrono_literals;
    begin(test::internal_network());
    ASSERT_TRUE(succeeds(join()));
    limit_descriptors(3);  // which are taken; poll(2) takes as many
    const Result<os::Fd> line = os::connect_at(folder_.fd(), "socket");
    ASSERT_TRUE(succeeds(line));
    ASSERT_TRUE(succeeds(
        os::send_message(*line, Json::object().set("verb", "leave").set("id", "").dump())));
    const std::chrono::nanoseconds before = worked();
    pollfd answer{.fd = line->get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&answer, 1, 1000), 0);
    EXPECT_LT(worked() - before, 100ms) << "it does not try all the time";
    EXPECT_TRUE(fails_saying(join(), "out of step")) << "others are served";
    limit_descriptors(64);
    const Result<std::optional<os::Message>> left = os::receive_message(*line);
    ASSERT_TRUE(succeeds(left));
    EXPECT_EQ(parse_word(left->value())->get<std::string>("verb").value(), "left");
    line_.reset();
}

TEST_F(SwitchTest, KnowsWhoIsAcquaintedWithWhom) {
    begin(test::internal_network());
    ASSERT_TRUE(succeeds(join()));
    const auto lines = std::move(*os::open_socket_pair());
    const Json who = Json::object().set("id", std::string(64, 'b')).set("network", "n");
    for (const char* verb : {"others", "asker"}) {
        const Json wish = Json(who).set("verb", verb);
        EXPECT_TRUE(fails_saying(ask(wish), "out of step")) << "without a line";
        EXPECT_TRUE(fails_saying(ask(Json(wish).set("id", "x"), {lines.one}), "out of step"));
        EXPECT_TRUE(fails_saying(ask(Json(wish).set("id", Json()), {lines.one}), "id"));
    }
    EXPECT_TRUE(fails_saying(
        ask(Json(who).set("verb", "others").set("network", Json()), {lines.one}), "network"));
    EXPECT_TRUE(succeeds(ask(Json(who).set("verb", "asker"), {lines.one})));
    ASSERT_TRUE(succeeds(os::send_message(lines.other, "what?")));
    EXPECT_EQ((*os::receive_message(lines.other))->bytes, "-");
    line_.reset();
    EXPECT_EQ(process_->wait()->code, 7);
}

TEST_F(SwitchTest, HoldsNobodyToRulesItDoesNotKnow) {
    begin(test::internal_network());
    const Json who = test::applicant("web", 'b').to_json().set("verb", "join");
    for (const Json& rules :
         {Json("x"), Json::object(), Json::object().set("allow", "x"),
          Json::object().set("allow", Json::Strings{"http://x"}).set("deny", Json::array())})
        EXPECT_FALSE(ask(Json(who).set("egress", rules)));
    const auto lines = std::move(*os::open_socket_pair());
    EXPECT_TRUE(fails_saying(ask(who, {lines.one, lines.other}), "out of step"));
    EXPECT_EQ(join()->get<bool>("judged").value(), false);
    line_.reset();
}

// What a stack answers itself goes through all of it: neighbours that it asks for, packets back.
TEST_F(SwitchTest, HasAStackForTheWorld) {
    test::in_namespaces([&] {
        begin(test::shared_network());
        test::DeviceEnds ends = test::device();
        const Result<Json> place = join();
        ASSERT_TRUE(succeeds(place));
        ASSERT_TRUE(succeeds(ask(Json::object().set("verb", "device"), {ends.outside})));
        std::string echo = test::sent({.from = "10.89.0.2", .to = "10.89.0.1", .protocol = 1},
                                      *Place::from_json(*place));
        echo.replace(14 + 20 + 2, 2, test::word(0xf7ff));  // its checksum
        test::put_frame(ends.inside, echo);
        const std::string answer = test::next_frame(ends.inside);
        ASSERT_GT(answer.size(), 14U + 20U);
        EXPECT_EQ(answer[14 + 20], '\0') << "a reply";
        EXPECT_EQ(answer.substr(0, 6), Place::from_json(*place)->hardware);
        line_.reset();
        (void)process_->wait();
    });
}

}  // namespace
}  // namespace sbx::network
