#include "network/slirp.h"

#include <gtest/gtest.h>

#include "network/packet.h"
#include "support/frames.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::network {
namespace {

using test::Frame;

// Its answers to a frame, once it knows by ARP who is there.
std::vector<std::string> answers(const std::string& frame) {
    std::vector<std::string> sent;
    Result<Slirp> slirp =
        Slirp::open({}, "", [&](std::string_view bytes) { sent.emplace_back(bytes); });
    EXPECT_TRUE(test::succeeds(slirp));
    slirp->receive(test::ethernet(0x0806) + test::word(1) + test::word(0x0800) + "\x06\x04" +
                   test::word(1) + "\x02\x42\x0a" + std::string(3, '\x64') +
                   Address::parse("10.0.2.100")->bytes() + std::string(6, '\0') +
                   Address::parse("10.0.2.2")->bytes());
    EXPECT_EQ(sent.size(), 1U) << "an answer to ARP";
    sent.clear();
    std::vector<pollfd> watched;
    slirp->receive(frame);
    (void)slirp->prepare(watched);
    slirp->proceed(watched);
    return sent;
}

TEST(Slirp, AnswersForItsGateway) {
    test::in_own_process([] {
        std::string echo = bytes_of(Frame{.to = "10.0.2.2", .protocol = IPPROTO_ICMP});
        echo.replace(14 + 10, 2, "\x62\x75");  // checksum of the header
        echo.replace(14 + 20 + 2, 2, "\xf7\xff");
        const auto sent = answers(echo);
        ASSERT_EQ(sent.size(), 1U);
        EXPECT_EQ(sent[0][14 + 20], '\0') << "a reply";
    });
}

TEST(Slirp, DropsGarbage) {
    test::in_own_process([] {
        EXPECT_TRUE(answers(test::ethernet(0x0800) + std::string(60, '\xff')).empty());
        EXPECT_TRUE(answers("short").empty());
    });
}

}  // namespace
}  // namespace sbx::network
