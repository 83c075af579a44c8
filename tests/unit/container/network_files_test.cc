#include "container/network_files.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

constexpr const char* kUsual = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n";

Result<NetworkFiles> compose(const Options& options,
                             NetworkFacts facts = {.hostname = "h", .name = "box"}) {
    return compose_network_files(options, facts);
}

std::string resolv(const Options& options, std::string host, bool own_network = true) {
    const Result<NetworkFiles> files = compose(options, {.hostname = "h",
                                                         .name = "box",
                                                         .own_network = own_network,
                                                         .host_resolv = std::move(host)});
    EXPECT_TRUE(succeeds(files));
    return files->resolv.value_or("(the image's own)");
}

TEST(NetworkFiles, NameTheContainer) {
    const Result<NetworkFiles> files = compose({});
    ASSERT_TRUE(succeeds(files));
    EXPECT_EQ(files->hostname, "h\n");
    EXPECT_EQ(files->hosts, std::string(kUsual) + "127.0.0.1\th box\n");
}

TEST(NetworkFiles, OfTheHostsNetworkNameItOnTheLoopback) {
    const auto files = compose({}, {.hostname = "h", .name = "box", .own_network = false});
    ASSERT_TRUE(succeeds(files));
    EXPECT_EQ(files->hosts, std::string(kUsual) + "127.0.0.1\th box\n");
}

NetworkFacts connected(network::Settings slirp, std::string host_resolv = {}) {
    return {.hostname = "h", .name = "box", .slirp = slirp, .host_resolv = std::move(host_resolv)};
}

TEST(NetworkFiles, NameTheHostWhereItCanBeReached) {
    const auto closed = compose({}, connected({}));
    ASSERT_TRUE(succeeds(closed));
    EXPECT_EQ(closed->hosts, std::string(kUsual) + "10.0.2.100\th box\n");
    EXPECT_TRUE(fails_saying(compose({.hosts = {"host:host-gateway"}}, connected({})),
                             "there is no gateway to the host"));
    const auto open =
        compose({.hosts = {"h:host-gateway"}}, connected({.allow_host_loopback = true}));
    ASSERT_TRUE(succeeds(open));
    EXPECT_EQ(open->hosts, std::string("10.0.2.2\th\n") + kUsual +
                               "10.0.2.100\th box\n"
                               "10.0.2.2\thost.containers.internal host.docker.internal\n");
}

std::string resolv_connected(const Options& options, const std::string& host,
                             network::Settings slirp = {}) {
    const Result<NetworkFiles> files = compose(options, connected(slirp, host));
    EXPECT_TRUE(succeeds(files));
    return files->resolv.value_or("(the image's own)");
}

TEST(Resolv, OfAWayOutAsksTheHostsFirstServer) {
    const std::string stub = "nameserver 127.0.0.53\noptions edns0\nsearch corp.example\n";
    EXPECT_EQ(resolv_connected({}, stub),
              "nameserver 10.0.2.3\noptions edns0\nsearch corp.example\n");
    EXPECT_EQ(resolv_connected({}, ""), "nameserver 10.0.2.3\n");
    const std::string both = "nameserver ::1\nnameserver\t1.1.1.1\n";
    EXPECT_EQ(resolv_connected({}, both), "nameserver 10.0.2.3\nnameserver fd00::3\n");
    EXPECT_EQ(resolv_connected({}, both, {.ipv6 = false}), "nameserver 10.0.2.3\n");
    EXPECT_EQ(resolv_connected({}, "nameserver ::1\n"), "nameserver fd00::3\n");
    EXPECT_EQ(resolv_connected({.dns = {"9.9.9.9"}}, stub),
              "nameserver 9.9.9.9\noptions edns0\nsearch corp.example\n");
    EXPECT_EQ(resolv_connected({.dns = {"none"}}, stub), "(the image's own)");
}

TEST(Resolv, OfPastaHasItAskTheHostsFirstServer) {
    const auto resolv = [](const std::string& host, const Options& options = {}) {
        const NetworkFacts facts{
            .hostname = "h", .name = "box", .pasta = true, .host_resolv = host};
        return compose(options, facts)->resolv.value_or("(the image's own)");
    };
    EXPECT_EQ(resolv("nameserver 127.0.0.53\n"), "nameserver 169.254.1.1\n");
    EXPECT_EQ(resolv("nameserver 9.9.9.9\nsearch x\n"),
              "nameserver 169.254.1.1\nnameserver 9.9.9.9\nsearch x\n");
    EXPECT_EQ(resolv("nameserver 2001:db8::1\n"), "nameserver 2001:db8::1\n");
    EXPECT_EQ(resolv("nameserver 127.0.0.53\n", {.dns = {"192.0.2.5"}}), "nameserver 192.0.2.5\n");
    EXPECT_EQ(resolv("nameserver 127.0.0.53\n", {.dns = {"none"}}), "(the image's own)");
}

TEST(NetworkFiles, LeaveTheImagesOwnWhereAsked) {
    const Result<NetworkFiles> files = compose({.no_hosts = true, .dns = {"none"}});
    ASSERT_TRUE(succeeds(files));
    EXPECT_EQ(files->hosts, "");
    EXPECT_FALSE(files->resolv);
}

TEST(AddHost, IsALineAheadOfTheOthers) {
    const Result<NetworkFiles> files =
        compose({.hosts = {"db:10.0.0.1", "a;b.example=fe80::1", "c:[::1]"}});
    ASSERT_TRUE(succeeds(files));
    EXPECT_TRUE(
        files->hosts.starts_with("10.0.0.1\tdb\n"
                                 "fe80::1\ta b.example\n"
                                 "::1\tc\n"
                                 "127.0.0.1\tlocalhost\n"));
}

struct Bad {
    const char* text;
    const char* words;
};

class BadHosts : public testing::TestWithParam<Bad> {};

TEST_P(BadHosts, SayWhatIsWrong) {
    const Result<NetworkFiles> files = compose({.hosts = {GetParam().text}});
    EXPECT_TRUE(fails_saying(files, std::string("--add-host ") + GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadHosts,
    testing::Values(Bad{"", ": NAME:ADDRESS belongs there"},
                    Bad{"db", "db: NAME:ADDRESS belongs there"},
                    Bad{"db:", "db:: NAME:ADDRESS belongs there"},
                    Bad{"db:1.2.3", "db:1.2.3: NAME:ADDRESS belongs there"},
                    Bad{"db:1.2.3.4 evil", "db:1.2.3.4 evil: NAME:ADDRESS belongs there"},
                    Bad{"db:1.2.3.4\n6.6.6.6\tbank",
                        "db:1.2.3.4\\x0a6.6.6.6\\x09bank: NAME:ADDRESS"},
                    Bad{":1.2.3.4", ":1.2.3.4: '' is not a host name"},
                    Bad{"a;:1.2.3.4", "a;:1.2.3.4: '' is not a host name"},
                    Bad{"a b:1.2.3.4", "a b:1.2.3.4: 'a b' is not a host name"},
                    Bad{"-a:1.2.3.4", "-a:1.2.3.4: '-a' is not a host name"},
                    Bad{"a..b:1.2.3.4", "a..b:1.2.3.4: 'a..b' is not a host name"},
                    Bad{"db:host-gateway", "db:host-gateway: there is no gateway to the host"}));

TEST(Resolv, IsTheHosts) {
    EXPECT_EQ(resolv({}, "# by hand\nnameserver 10.0.0.53 ; near\n\nsearch\tcorp.example\n"),
              "nameserver 10.0.0.53\nsearch corp.example\n");
    EXPECT_EQ(resolv({}, ""), "");
}

TEST(Resolv, LeavesOutWhatItsNetworkCannotReach) {
    const std::string host = "nameserver 127.0.0.53\nnameserver ::1\nnameserver 1.1.1.1\n";
    EXPECT_EQ(resolv({}, host), "nameserver 1.1.1.1\n");
    EXPECT_EQ(resolv({}, host, false), host) << "the host's network is the container's";
}

TEST(Resolv, LeavesOutLinesWithControlCharacters) {
    EXPECT_EQ(resolv({}, "nameserver 1.1.1.1\nsearch \x1b[2J\n"), "nameserver 1.1.1.1\n");
}

TEST(Resolv, HasWhatWasAskedForInPlaceOfTheHosts) {
    const std::string host = "nameserver 10.0.0.53\nsearch corp.example\noptions ndots:5\n";
    EXPECT_EQ(resolv({.dns = {"1.1.1.1", "::1"}}, host),
              "nameserver 1.1.1.1\nnameserver ::1\nsearch corp.example\noptions ndots:5\n");
    EXPECT_EQ(resolv({.dns_search = {"a.example", "b.example"}}, host),
              "search a.example b.example\nnameserver 10.0.0.53\noptions ndots:5\n");
    EXPECT_EQ(resolv({.dns_search = {"."}}, host),
              "search .\nnameserver 10.0.0.53\noptions ndots:5\n");
    EXPECT_EQ(resolv({.dns_options = {"ndots:1", "rotate"}}, host),
              "options ndots:1\noptions rotate\nnameserver 10.0.0.53\nsearch corp.example\n");
}

TEST(Resolv, RefusesWhatIsNotOneWord) {
    EXPECT_TRUE(fails_saying(compose({.dns = {"dns.example"}}), "--dns dns.example: an address"));
    EXPECT_TRUE(fails_saying(compose({.dns = {""}}), "--dns : an address belongs there, or none"));
    EXPECT_TRUE(fails_saying(compose({.dns_options = {"a b"}}), "--dns-option 'a b': one word"));
    EXPECT_TRUE(fails_saying(compose({.dns_options = {""}}), "--dns-option '': one word"));
    EXPECT_TRUE(fails_saying(compose({.dns_search = {"a b"}}), "--dns-search a b: not a domain"));
    EXPECT_TRUE(fails_saying(compose({.dns_search = {"a\nnameserver 6.6.6.6"}}),
                             "--dns-search a\\x0anameserver 6.6.6.6: not a domain"));
}

TEST(Hostname, IsOneOfAtMost64Characters) {
    for (const std::string& name : {std::string("a"), std::string("box.example.org"),
                                    std::string("a_b-c"), std::string(64, 'a')})
        EXPECT_TRUE(succeeds(check_hostname(name))) << name;
    for (const std::string& name :
         {std::string(), std::string(65, 'a'), std::string("a b"), std::string("-a"),
          std::string("a-"), std::string("a."), std::string("a/b"), std::string("a\nb")})
        EXPECT_TRUE(fails_saying(check_hostname(name), "is not a host name of at most 64")) << name;
    EXPECT_TRUE(fails_saying(compose({}, {.hostname = "a b", .name = "box"}), "'a b' is not"));
}

Connection connection(const std::string& v4, const std::string& server, bool internal = false) {
    return {.network = "app", .v4 = v4, .server = server, .internal = internal};
}

TEST(SharedNetworkFiles, NameTheContainerOnceItsAddressesAreKnown) {
    const auto files = compose({}, {.hostname = "h",
                                    .name = "box",
                                    .shared = true,
                                    .host_resolv = "nameserver 9.9.9.9\nsearch example.org\n"});
    ASSERT_TRUE(succeeds(files));
    EXPECT_EQ(files->hosts, kUsual);
    Connection both = connection("10.89.0.2", "10.89.0.254");
    both.v6 = "fd00::2";
    const NetworkFiles whole = with_connections(*files, {both}, "box");
    EXPECT_EQ(whole.hosts, std::string(kUsual) + "10.89.0.2\th box\nfd00::2\th box\n");
    EXPECT_EQ(whole.resolv, "nameserver 10.89.0.254\nsearch example.org\n");
}

TEST(SharedNetworkFiles, NameTheServerThatKnowsTheNamesOfAll) {
    const auto resolv_of = [](const std::vector<Connection>& all) {
        return *with_connections({.hostname = "h\n", .resolv = ""}, all, "box").resolv;
    };
    EXPECT_EQ(resolv_of({connection("1", "10.0.0.1", true), connection("2", "10.0.0.2"),
                         connection("3", "10.0.0.3")}),
              "nameserver 10.0.0.2\n");
    EXPECT_EQ(resolv_of({connection("1", "", true)}), "");
}

TEST(SharedNetworkFiles, LeaveWhatWasChosen) {
    const std::vector<Connection> one = {connection("10.89.0.2", "10.89.0.254")};
    const auto files =
        compose({.dns = {"1.1.1.1"}}, {.hostname = "h", .name = "box", .shared = true});
    ASSERT_TRUE(succeeds(files));
    EXPECT_EQ(with_connections(*files, one, "box").resolv, "nameserver 1.1.1.1\n");
    const NetworkFiles images = with_connections({.hostname = "h\n"}, one, "box");
    EXPECT_EQ(images.hosts, "");
    EXPECT_FALSE(images.resolv);
}

}  // namespace
}  // namespace sbx::container
