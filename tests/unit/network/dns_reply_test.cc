#include "network/dns_reply.h"

#include <gtest/gtest.h>

#include "support/speech.h"

namespace sbx::network {
namespace {

using test::address_record;
using test::dns_record;
using test::dns_reply;
using test::kNameOfQuestion;
using test::labels;

std::vector<std::string> addresses_in(const std::string& message) {
    const std::optional<DnsReply> reply = parse_dns_reply(message);
    std::vector<std::string> texts;
    for (const DnsReply::Found& found : reply.value_or(DnsReply()).found)
        texts.push_back(found.address.text());
    return texts;
}

using Texts = std::vector<std::string>;

TEST(DnsReply, TellsTheAddresses) {
    const std::string message =
        dns_reply("Example.ORG", {address_record("192.0.2.1", 300), address_record("2001:db8::1"),
                                  dns_record(kNameOfQuestion, 16, 60, "text")});
    const std::optional<DnsReply> reply = parse_dns_reply(message);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->name, "example.org");
    EXPECT_EQ(addresses_in(message), (Texts{"192.0.2.1", "2001:db8::1"}));
    EXPECT_EQ(reply->found.front().valid, std::chrono::seconds(300));
}

TEST(DnsReply, FollowsOtherNames) {
    const std::string other = labels("other.example.net");
    const std::string with_pointer = "\x03www" + std::string("\xc0\x0c", 2);
    EXPECT_EQ(addresses_in(dns_reply("example.org", {dns_record(kNameOfQuestion, 5, 60, other),
                                                     address_record("192.0.2.1", 60, other)})),
              Texts{"192.0.2.1"});
    EXPECT_EQ(
        addresses_in(dns_reply("example.org", {dns_record(kNameOfQuestion, 5, 60, with_pointer),
                                               address_record("192.0.2.1", 60, with_pointer)})),
        Texts{"192.0.2.1"});
}

TEST(DnsReply, PassesOverWhatIsOfOtherNames) {
    EXPECT_EQ(addresses_in(dns_reply("example.org",
                                     {address_record("192.0.2.1", 60, labels("evil.example"))})),
              Texts());
    EXPECT_EQ(addresses_in(dns_reply("example.org",
                                     {dns_record(labels("a.example"), 5, 60, labels("b.example")),
                                      address_record("192.0.2.1", 60, labels("b.example"))})),
              Texts());
}

TEST(DnsReply, IsNoQuestionAndNoError) {
    const std::vector<std::string> records = {address_record("192.0.2.1")};
    for (const std::size_t flags : {0x0100U, 0x8183U, 0x8182U, 0xa980U})
        EXPECT_FALSE(parse_dns_reply(dns_reply("example.org", records, flags))) << flags;
    std::string two = dns_reply("example.org", records);
    two[5] = 2;
    EXPECT_FALSE(parse_dns_reply(two));
}

TEST(DnsReply, MayBeCutShort) {
    const std::string message =
        dns_reply("example.org", {address_record("192.0.2.1"), address_record("192.0.2.2")});
    EXPECT_EQ(addresses_in(message.substr(0, message.size() - 3)), Texts{"192.0.2.1"});
    for (std::size_t size = 0; size + 17 < message.size(); ++size)
        EXPECT_EQ(addresses_in(message.substr(0, size)), Texts()) << size;
}

TEST(DnsReply, PointersLeadBackAlone) {
    for (const std::string& name : {std::string("\xc0\xff", 2), std::string("\xc0\x1d", 2),
                                    std::string("\x01x\xc0\x1d", 4), std::string("\x80x", 2)})
        EXPECT_FALSE(parse_dns_reply(dns_reply("example.org", {dns_record(name, 1, 60, "1234")})));
}

}  // namespace
}  // namespace sbx::network
