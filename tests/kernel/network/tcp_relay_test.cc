#include "network/tcp_relay.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "os/process.h"
#include "os/rlimits.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/sockets.h"

namespace sbx::network {
namespace {

using test::succeeds;

// A relay in a process of its own, from a free port to one that is given.
class RelayProcess {
public:
    RelayProcess(std::uint16_t to, std::size_t most, rlim_t descriptors = 4096)
        : listener_(std::move(
              listen_on_host({{.address = "127.0.0.1", .container = {.number = to}}})->front())),
          port_(listener_.port.host_port),
          process_(std::move(*os::spawn(0, [&] { run(most, descriptors); }))) {
        listener_.socket.reset();
    }
    os::Fd connect() const { return test::connected_socket(AF_INET, SOCK_STREAM, port_); }

private:
    void run(std::size_t most, rlim_t descriptors) {
        (void)os::die_with_parent();
        (void)os::close_all_but({listener_.socket});  // a server that is kept open would listen on
        ::signal(SIGPIPE, SIG_IGN);
        const rlimit limit = os::limit_of(RLIMIT_NOFILE).value();
        (void)os::set_limit(RLIMIT_NOFILE, {.rlim_cur = std::min(descriptors, limit.rlim_max),
                                            .rlim_max = limit.rlim_max});
        Events events = std::move(*Events::open());
        TcpRelay relay(events, most);
        bool works = relay.add(std::move(listener_)).has_value();
        while (works)
            works = events.wait(relay.turn()).has_value();
    }

    Listener listener_;
    std::uint16_t port_;
    os::Process process_;
};

class TcpRelayTest : public testing::TestWithParam<int> {
protected:
    os::Fd server_ = test::bound_socket(GetParam(), SOCK_STREAM);
    RelayProcess relay_ = RelayProcess(test::port_of(server_), 1024);
};
INSTANTIATE_TEST_SUITE_P(ToBothFamilies, TcpRelayTest, testing::Values(AF_INET, AF_INET6));

TEST_P(TcpRelayTest, CarriesBothDirections) {
    const os::Fd client = relay_.connect();
    const os::Fd inner = test::accepted_socket(server_);
    ASSERT_TRUE(inner);
    ASSERT_TRUE(test::say(client, "question"));
    EXPECT_EQ(test::hear(inner), "question");
    ASSERT_TRUE(test::say(inner, "answer"));
    EXPECT_EQ(test::hear(client), "answer");
}

TEST_P(TcpRelayTest, AnswersAfterTheEndOfTheQuestion) {
    const os::Fd client = relay_.connect();
    os::Fd inner = test::accepted_socket(server_);
    ASSERT_TRUE(test::say(client, "all"));
    ASSERT_EQ(::shutdown(client.get(), SHUT_WR), 0);
    EXPECT_EQ(test::hear(inner), "all");
    EXPECT_EQ(test::hear(inner), "(end)");
    ASSERT_TRUE(test::say(inner, "still here"));
    EXPECT_EQ(test::hear(client), "still here");
    inner.reset();
    EXPECT_EQ(test::hear(client), "(end)");
}

TEST_P(TcpRelayTest, HandsOnAReset) {
    os::Fd client = relay_.connect();
    const os::Fd inner = test::accepted_socket(server_);
    constexpr linger kAtOnce{.l_onoff = 1, .l_linger = 0};
    ASSERT_EQ(::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &kAtOnce, sizeof kAtOnce), 0);
    client.reset();
    EXPECT_EQ(test::hear(inner), "(reset)");
}

TEST_P(TcpRelayTest, ResetsWhereNobodyListens) {
    server_.reset();
    EXPECT_EQ(test::hear(relay_.connect()), "(reset)");
}

// All are there from the beginning, and have their turn one by one.
void serve_many(const RelayProcess& relay, const os::Fd& server, int count) {
    std::vector<os::Fd> clients;
    for (int i = 0; i < count; ++i) {
        clients.push_back(relay.connect());
        ASSERT_TRUE(test::say(clients.back(), fmt::format("{}", i)));
    }
    for (int i = 0; i < count; ++i) {
        const os::Fd inner = test::accepted_socket(server);
        ASSERT_TRUE(inner);
        const std::string question = test::hear(inner);
        const Result<std::int64_t> number = parse_number(question, 0, count - 1);
        ASSERT_TRUE(succeeds(number));
        os::Fd& client = clients.at(static_cast<std::size_t>(*number));
        ASSERT_TRUE(test::say(inner, question));
        ASSERT_EQ(test::hear(client), question);
        client.reset();
    }
}

TEST(TcpRelay, CarriesAThousandAtOnce) {
    test::in_own_process([] {
        ASSERT_TRUE(succeeds(os::raise_soft_limit(RLIMIT_NOFILE)));
        const os::Fd server = test::bound_socket(AF_INET, SOCK_STREAM);
        const RelayProcess relay(test::port_of(server), 1024);
        std::vector<os::Fd> clients;
        std::vector<os::Fd> inners;
        for (int i = 0; i < 1000; ++i) {
            clients.push_back(relay.connect());
            ASSERT_TRUE(test::say(clients.back(), fmt::format("{}", i)));
        }
        for (int i = 0; i < 1000; ++i) {
            inners.push_back(test::accepted_socket(server));
            ASSERT_TRUE(inners.back()) << i;
        }
        for (const os::Fd& inner : inners)
            ASSERT_TRUE(test::say(inner, "re: " + test::hear(inner)));
        for (std::size_t i = 0; i < clients.size(); ++i)
            ASSERT_EQ(test::hear(clients[i]), fmt::format("re: {}", i));
    });
}

TEST(TcpRelay, HasOthersWaitWhereItHasNoMeansForMore) {
    const os::Fd server = test::bound_socket(AF_INET, SOCK_STREAM);
    const RelayProcess few(test::port_of(server), 4);
    serve_many(few, server, 40);
    const RelayProcess poor(test::port_of(server), 1024, 40);
    serve_many(poor, server, 40);
}

}  // namespace
}  // namespace sbx::network
