#include "container/attachment.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

std::vector<Attachment> parsed(const Strings& texts, const AttachmentWords& words = {}) {
    const Result<std::vector<Attachment>> attachments = parse_attachments(texts, words);
    EXPECT_TRUE(succeeds(attachments));
    return attachments.value_or(std::vector<Attachment>(1));
}

TEST(Attachment, IsANameAndPerhapsMore) {
    EXPECT_EQ(parsed({"app"}).front(), (Attachment{.network = "app", .interface = "eth0"}));
    const Attachment whole = parsed({"app:ip=10.89.0.5,ip6=fd00::5,mac=02:00:00:00:00:0A,alias=db,"
                                     "alias=b,interface_name=lan0"})
                                 .front();
    EXPECT_EQ(whole, (Attachment{.network = "app",
                                 .interface = "lan0",
                                 .v4 = "10.89.0.5",
                                 .v6 = "fd00::5",
                                 .hardware = "02:00:00:00:00:0a",
                                 .aliases = {"db", "b"}}));
}

TEST(Attachment, CanBeOneOfSeveral) {
    const auto all = parsed({"a,b", "c:interface_name=eth0", "d"});
    Strings names;
    for (const Attachment& one : all)
        names.push_back(one.network + " " + one.interface);
    EXPECT_EQ(names, (Strings{"a eth1", "b eth2", "c eth0", "d eth3"}));
}

TEST(Attachment, TakesWhatIsSaidBesides) {
    const Attachment one =
        parsed(
            {"app:alias=x"},
            {.v4 = "10.89.0.5", .v6 = "fd00::5", .hardware = "02:00:00:00:00:01", .aliases = {"y"}})
            .front();
    EXPECT_EQ(one.v4, "10.89.0.5");
    EXPECT_EQ(one.v6, "fd00::5");
    EXPECT_EQ(one.hardware, "02:00:00:00:00:01");
    EXPECT_EQ(one.aliases, (Strings{"x", "y"}));
    for (const Attachment& each : parsed({"a", "b"}, {.aliases = {"z"}}))
        EXPECT_EQ(each.aliases, Strings{"z"});
    EXPECT_TRUE(
        fails_saying(parse_attachments({"a", "b"}, {.v4 = "10.89.0.5"}), "are for one network"));
}

struct Bad {
    const char* text;
    const char* words;
};
class BadAttachment : public testing::TestWithParam<Bad> {};

TEST_P(BadAttachment, IsRefused) {
    EXPECT_TRUE(fails_saying(parse_attachments({GetParam().text}, {}), GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    Attachment, BadAttachment,
    testing::Values(Bad{"a b", "network"}, Bad{"../a", "network"}, Bad{"a,", "network"},
                    Bad{"a:", "there is no ''"}, Bad{"a:ip", "an address of IPv4 belongs there"},
                    Bad{"a:ip=fd00::1", "an address of IPv4 belongs there"},
                    Bad{"a:ip6=10.0.0.1", "an address of IPv6 belongs there"},
                    Bad{"a:mac=1", "a MAC address belongs there"},
                    Bad{"a:mac=01:00:00:00:00:01", "a MAC address belongs there"},
                    Bad{"a:alias=", "is no name for a container"},
                    Bad{"a:alias=x y", "is no name for a container"},
                    Bad{"a:alias=x..y", "is no name for a container"},
                    Bad{"a:interface_name=lo", "is no name for a network device"},
                    Bad{"a:interface_name=a/b", "is no name for a network device"},
                    Bad{"a:interface_name=eth%d", "is no name for a network device"},
                    Bad{"a:interface_name=0123456789012345", "is no name for a network device"},
                    Bad{"a:mode=x", "there is no 'mode'"}, Bad{"a,a", "is there twice"},
                    Bad{"a,b,c,d,e,f,g,h,i", "on 8 networks at most"}));

TEST(Attachment, HasItsDeviceToItself) {
    EXPECT_TRUE(fails_saying(parse_attachments({"a:interface_name=x", "b:interface_name=x"}, {}),
                             "two devices"));
}

TEST(Attachment, IsNoModeOfANetwork) {
    for (const char* text : {"", "none", "host", "slirp:mtu=1500", "container:x", "ns:/x", "bridge",
                             "private", "default", "pasta", "slirp4netns"})
        EXPECT_TRUE(is_network_mode(text)) << text;
    for (const char* text : {"app", "app:ip=1.2.3.4", "hosts", "bridge2"})
        EXPECT_FALSE(is_network_mode(text)) << text;
}

TEST(Attachment, IsKept) {
    const auto all = parsed({"app:ip=10.89.0.5,alias=db", "other"});
    EXPECT_EQ(*attachments_from(to_json(all)), all);
    EXPECT_TRUE(attachments_from(Json())->empty());
    EXPECT_FALSE(attachments_from(Json::array().push(Json::object())));
}

TEST(Attachment, FitsItsNetwork) {
    const store::Network network{
        .id = "a", .name = "app", .subnets = {{.subnet = "10.89.0.0/24", .gateway = "10.89.0.1"}}};
    EXPECT_TRUE(succeeds(check_attachment({.network = "app", .v4 = "10.89.0.5"}, network)));
    for (const char* address : {"10.89.1.5", "10.89.0.1", "10.89.0.254"})
        EXPECT_FALSE(check_attachment({.network = "app", .v4 = address}, network)) << address;
    EXPECT_FALSE(check_attachment({.network = "app", .v6 = "fd00::5"}, network));
}

TEST(Attachment, SpeaksForItsContainer) {
    const store::ContainerRecord record{.id = "0123", .name = "box"};
    const network::Application who = application_of(
        {.network = "app", .v4 = "10.89.0.5", .hardware = "02:00:00:00:00:01", .aliases = {"db"}},
        record);
    EXPECT_EQ(who.id, "0123");
    EXPECT_EQ(who.name, "box");
    EXPECT_EQ(who.v4->text(), "10.89.0.5");
    EXPECT_FALSE(who.v6);
    EXPECT_EQ(network::hardware_text(who.hardware), "02:00:00:00:00:01");
    EXPECT_EQ(who.aliases, Strings{"db"});
}

}  // namespace
}  // namespace sbx::container
