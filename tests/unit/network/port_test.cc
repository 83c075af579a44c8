#include "network/port.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::network {
namespace {

using test::fails_saying;
using test::succeeds;

std::vector<PortMapping> mappings(const std::vector<const char*>& texts) {
    std::vector<PortMapping> all;
    for (const char* text : texts) {
        const Result<std::vector<PortMapping>> ports = parse_publish(text, "127.0.0.1");
        EXPECT_TRUE(succeeds(ports));
        all.insert(all.end(), ports->begin(), ports->end());
    }
    return all;
}

// "ADDRESS HOST[-LAST] CONTAINER" of each.
std::string published(std::string_view text) {
    const auto ports = parse_publish(text, "127.0.0.1");
    if (!ports) return ports.error().text();
    std::string words;
    for (const PortMapping& port : *ports) {
        words += fmt::format("{}{} {}", words.empty() ? "" : ", ", port.address, port.host_port);
        if (port.last_choice != 0) words += fmt::format("-{}", port.last_choice);
        words += " " + to_text(port.container);
    }
    return words;
}

std::string exposed(std::string_view text) {
    const auto ports = parse_expose(text);
    if (!ports) return ports.error().text();
    std::string words;
    for (const ContainerPort port : *ports)
        words += (words.empty() ? "" : " ") + to_text(port);
    return words;
}

TEST(Port, IsPublishedAsDockerWritesIt) {
    EXPECT_EQ(published("80"), "127.0.0.1 0 80/tcp");
    EXPECT_EQ(published("8080:80"), "127.0.0.1 8080 80/tcp");
    EXPECT_EQ(published("0:80"), "127.0.0.1 0 80/tcp");
    EXPECT_EQ(published(":80"), "127.0.0.1 0 80/tcp");
    EXPECT_EQ(published("5353:53/udp"), "127.0.0.1 5353 53/udp");
    EXPECT_EQ(published("80/TCP"), "127.0.0.1 0 80/tcp");
    EXPECT_EQ(published("0.0.0.0:8080:80"), "0.0.0.0 8080 80/tcp");
    EXPECT_EQ(published("10.1.2.3::80"), "10.1.2.3 0 80/tcp");
    EXPECT_EQ(published("[::1]:8080:80"), "::1 8080 80/tcp");
    EXPECT_EQ(published("[0:0::1]::53/udp"), "::1 0 53/udp");
}

TEST(Port, ComesInRanges) {
    EXPECT_EQ(published("80-81"), "127.0.0.1 0 80/tcp, 127.0.0.1 0 81/tcp");
    EXPECT_EQ(published("8000-8001:80-81/udp"), "127.0.0.1 8000 80/udp, 127.0.0.1 8001 81/udp");
    EXPECT_EQ(published("8000-8010:80"), "127.0.0.1 8000-8010 80/tcp");
    EXPECT_EQ(published("[::]:9-9:65535-65535"), ":: 9 65535/tcp");
}

TEST(Port, IsRefusedWithAReason) {
    const std::pair<const char*, const char*> kBad[] = {
        {"", "the container's port is missing"},
        {"8080:", "the container's port is missing"},
        {"[::1]:80", "the container's port is missing"},
        {"http", "'http' is not a port from 1 to 65535"},
        {"65536", "'65536' is not a port"},
        {"-1", "'' is not a port"},
        {"+80", "'+80' is not a port"},
        {"080", "'080' is not a port"},
        {"8080:0", "a container has no port 0"},
        {"8080:80:", "'8080' is not an IP address"},
        {"127.0.0.1:80", "'127.0.0.1' is not a port"},
        {"localhost:8080:80", "'localhost' is not an IP address"},
        {"::80", "the host's address is missing"},
        {"::1:8080:80", "[::1]:8080:80 is how an IPv6 address is written"},
        {"[::1:8080:80", "']:' belongs behind the address"},
        {"[1.2.3]:8080:80", "'1.2.3' is not an IP address"},
        {"81-80", "the range '81-80' is empty"},
        {"0-9:80-89", "the range '0-9' is empty"},
        {"8000-8001:80-82", "2 ports of the host for 3 of the container"},
        {"8000:80-82", "1 ports of the host for 3 of the container"},
        {"80/sctp", "sctp cannot be published; tcp and udp can"},
        {"80/icmp", "'icmp' is not a protocol"},
        {"80/", "'' is not a protocol"},
        {"80/tcp/udp", "'tcp/udp' is not a protocol"},
        {"80\x1b", "\\x1b"},
    };
    for (const auto& [text, words] : kBad)
        EXPECT_TRUE(fails_saying(parse_publish(text, "127.0.0.1"), words)) << text;
    EXPECT_TRUE(fails_saying(parse_publish("80:80:80:80", "::"), "'80:80:80:80'"));
    EXPECT_TRUE(parse_publish("80/sctp", "::").failed_as(Error::Kind::unsupported));
    EXPECT_TRUE(parse_publish("x", "::").failed_as(Error::Kind::usage));
}

TEST(Port, IsExposedAloneOrInARange) {
    EXPECT_EQ(exposed("80"), "80/tcp");
    EXPECT_EQ(exposed("90-92/udp"), "90/udp 91/udp 92/udp");
    EXPECT_EQ(parse_expose("1-65535")->size(), 65535U);
    for (const char* text : {"", "0", "8080:80", "80/sctp", "2-1", "a"})
        EXPECT_FALSE(parse_expose(text)) << text;
}

TEST(Port, IsPublishedWithAllOthersWhereNobodyHasDoneSo) {
    const auto published = *parse_publish("8080:80", "::1");
    const auto more = publish_all(*parse_expose("80-81"), published, "127.0.0.1");
    ASSERT_EQ(more.size(), 1U);
    EXPECT_EQ(more.front(), parse_publish("81", "127.0.0.1")->front());
}

TEST(Port, OfTheHostIsHadOnce) {
    const auto check = [](const std::vector<const char*>& texts) {
        return check_distinct(mappings(texts));
    };
    EXPECT_TRUE(succeeds(check({"80", "80", "8080:80", "8080:80/udp", "[::1]:8080:80"})));
    EXPECT_TRUE(succeeds(check({"8080-8081:80", "8080-8081:80"})));
    EXPECT_TRUE(
        fails_saying(check({"8080:80", "8079-8080:1-2"}),
                     "127.0.0.1:8080 of the host is asked for twice, for 80/tcp and 2/tcp"));
}

TEST(Port, NeighboursAreShownAsARange) {
    const auto shown = [](const std::vector<const char*>& texts) {
        return to_text(mappings(texts));
    };
    EXPECT_EQ(shown({}), "");
    EXPECT_EQ(shown({"8080:80"}), "127.0.0.1:8080->80/tcp");
    EXPECT_EQ(shown({"[::1]:53:53/udp"}), "[::1]:53->53/udp");
    EXPECT_EQ(shown({"8000-8002:80-82", "9000:90"}),
              "127.0.0.1:8000-8002->80-82/tcp, 127.0.0.1:9000->90/tcp");
    EXPECT_EQ(shown({"8000:80", "8001:81/udp", "8002:83"}),
              "127.0.0.1:8000->80/tcp, 127.0.0.1:8001->81/udp, 127.0.0.1:8002->83/tcp");
}

TEST(Port, IsReadAsItWasWritten) {
    std::vector<PortMapping> ports = *parse_publish("8000-8010:80/udp", "::1");
    ports.push_back(parse_publish("65535:1", "1.2.3.4")->front());
    const auto read = port_mappings_from(*Json::parse(to_json(ports).dump()));
    ASSERT_TRUE(succeeds(read));
    EXPECT_EQ(*read, ports);
    EXPECT_TRUE(port_mappings_from(Json())->empty());
    for (
        const char* bad :
        {R"([{"address":"::1","host_port":70000,"last_choice":0,"container_port":1,"protocol":"tcp"}])",
         R"([{"address":"x","host_port":7,"last_choice":0,"container_port":1,"protocol":"tcp"}])",
         R"([{"address":"::1","host_port":7,"last_choice":0,"container_port":1,"protocol":"x"}])",
         R"([{"address":"::1","host_port":7}])"})
        EXPECT_FALSE(port_mappings_from(*Json::parse(bad))) << bad;
}

}  // namespace
}  // namespace sbx::network
