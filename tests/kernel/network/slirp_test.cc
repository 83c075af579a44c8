#include "network/slirp.h"

#include <memory>

#include <poll.h>
#include <sched.h>
#include <sys/socket.h>

#include <gtest/gtest.h>

#include "network/envelope.h"
#include "network/packet.h"
#include "network/settings.h"
#include "network/stack_process.h"
#include "network/transport.h"
#include "os/process.h"
#include "support/frames.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::network {
namespace {

using test::Frame;

// A stack that knows by ARP who is there, and what it has sent.
struct Served {
    explicit Served(std::string resolv) {
        slirp = std::make_unique<Slirp>(
            *Slirp::open(Settings().layout(), std::move(resolv),
                         [this](std::string_view bytes) { sent.emplace_back(bytes); }));
        slirp->receive(test::ethernet(0x0806) + test::word(1) + test::word(0x0800) + "\x06\x04" +
                       test::word(1) + "\x02\x42\x0a" + std::string(3, '\x64') +
                       Address::parse("10.0.2.100")->bytes() + std::string(6, '\0') +
                       Address::parse("10.0.2.2")->bytes());
        EXPECT_EQ(sent.size(), 1U) << "an answer to ARP";
        sent.clear();
    }

    void turn(int timeout) {
        std::vector<pollfd> watched;
        (void)slirp->prepare(watched);
        (void)::poll(watched.data(), watched.size(), timeout);
        slirp->proceed(watched);
    }

    std::unique_ptr<Slirp> slirp;
    std::vector<std::string> sent;
};

TEST(Slirp, AnswersForItsGateway) {
    test::in_own_process([] {
        Served served("");
        std::string echo = bytes_of(Frame{.to = "10.0.2.2", .protocol = IPPROTO_ICMP});
        echo.replace(14 + 20 + 2, 2, test::word(0xf7ff));  // its checksum
        served.slirp->receive(echo);
        served.turn(0);
        ASSERT_EQ(served.sent.size(), 1U);
        EXPECT_EQ(served.sent[0][14 + 20], '\0') << "a reply";
    });
}

TEST(Slirp, AsksTheHostsNameServerOnItsLoopback) {
    test::in_namespaces([] {
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
        os::Process up = *os::start({.argv = {"/bin/sh", "-c", "ip link set lo up"}});
        ASSERT_EQ(up.wait()->code, 0);
        const os::Fd server(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(53);
        address.sin_addr.s_addr = htonl(0x7f000035);
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        ASSERT_EQ(::bind(server.get(), any, sizeof address), 0);

        Served served("# the stub\nnameserver 127.0.0.53\n");
        served.slirp->receive(bytes_of(
            Frame{.to = "10.0.2.3", .protocol = IPPROTO_UDP, .port = 53, .payload = "question"}));
        char question[16] = {};
        socklen_t size = sizeof address;
        ASSERT_EQ(::recvfrom(server.get(), question, sizeof question, MSG_DONTWAIT, any, &size), 8);
        ASSERT_EQ(::sendto(server.get(), "answer", 6, 0, any, size), 6);
        served.turn(1000);
        ASSERT_EQ(served.sent.size(), 1U);
        EXPECT_EQ(Address::of_bytes(served.sent[0].substr(14 + 12, 4)).text(), "10.0.2.3");
        EXPECT_TRUE(served.sent[0].ends_with("answer"));
    });
}

// A SYN to where no answer comes from.
std::string knock(const std::string& from, int number) {
    const Frame frame{
        .from = from, .to = "192.0.2.1", .port = static_cast<std::uint16_t>(1 + number)};
    std::string bytes = bytes_of(frame);
    constexpr std::size_t kMessage = 14 + 20;
    const std::string source = Address::parse(from)->bytes();
    const std::string destination = Address::parse(frame.to)->bytes();
    const Between between{.source = source, .destination = destination, .protocol = IPPROTO_TCP};
    const std::uint16_t sum = checksum(between, std::string_view(bytes).substr(kMessage));
    return bytes.replace(kMessage + 16, 2, test::word(sum));
}

void lead_nowhere() {
    ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
    os::Process up = *os::start(
        {.argv = {"/bin/sh", "-c", "ip link set lo up; ip route add 192.0.2.0/24 dev lo"}});
    ASSERT_EQ(up.wait()->code, 0);
}

TEST(Slirp, StaysWhateverNumberOfConnectionsIsBegun) {
    test::in_namespaces([] {
        lead_nowhere();
        ASSERT_TRUE(test::succeeds(limit_stack()));
        Served served("");
        for (int i = 0; i < 5200; ++i)
            served.slirp->receive(knock("10.0.2.100", i));
        EXPECT_EQ(served.slirp->connections().all, Quota::kMostConnections);
        ASSERT_EQ(served.sent.size(), 200U);
        EXPECT_TRUE(parse_segment(served.sent.back())->breaks_off);
        served.turn(0);
        EXPECT_EQ(served.slirp->connections().all, Quota::kMostConnections);
    });
}

TEST(Slirp, GivesNoMemberAllConnections) {
    test::in_namespaces([] {
        lead_nowhere();
        ASSERT_TRUE(test::succeeds(limit_stack()));
        Served served("");
        served.slirp->share_among(5);
        for (int i = 0; i < 1100; ++i)
            served.slirp->receive(knock("10.0.2.100", i));
        served.slirp->receive(knock("10.0.2.101", 0));
        const Connections there = served.slirp->connections();
        EXPECT_EQ(there.of.at(*Address::parse("10.0.2.100")), 1000U);
        EXPECT_EQ(there.of.at(*Address::parse("10.0.2.101")), 1U);
    });
}

TEST(Slirp, DropsDatagramsThatWouldMakeTooManySockets) {
    test::in_namespaces([] {
        lead_nowhere();
        ASSERT_TRUE(test::succeeds(limit_stack()));
        Served served("");
        std::vector<pollfd> watched;
        for (int i = 0; i < 4000; ++i) {
            std::string frame =
                bytes_of(Frame{.to = "192.0.2.1", .protocol = IPPROTO_UDP, .payload = "x"});
            served.slirp->receive(
                frame.replace(14 + 20, 2, test::word(1000 + static_cast<unsigned>(i))));
            watched.clear();
            (void)served.slirp->prepare(watched);
        }
        EXPECT_EQ(watched.size(), Quota::kMostSockets + 1);
    });
}

TEST(Slirp, DropsGarbage) {
    test::in_own_process([] {
        Served served("");
        served.slirp->receive(test::ethernet(0x0800) + std::string(60, '\xff'));
        served.slirp->receive("short");
        served.turn(0);
        EXPECT_TRUE(served.sent.empty());
    });
}

}  // namespace
}  // namespace sbx::network
