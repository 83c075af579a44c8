#include "container/inspect_host.h"

#include <gtest/gtest.h>

#include "container/security.h"

namespace sbx::container {
namespace {

Blueprint blueprint() {
    Blueprint blueprint;
    blueprint.record = {.id = std::string(64, 'a'), .name = "box", .remove_after = true};
    blueprint.record.mount_points = {"/src", "/cache"};
    oci::Spec& spec = blueprint.request.spec;
    spec.process.capabilities = oci::Capabilities::of(os::capability_names(default_capabilities()));
    spec.namespaces = {{.type = "pid"}, {.type = "network"}};
    spec.mounts = {{"/proc", "proc", "proc", {}},
                   {"/dev/shm", "tmpfs", "shm", {"nosuid", "size=65536"}},
                   {"/src", "bind", "/home/u/src", {"rbind", "ro"}},
                   {"/cache", "tmpfs", "tmpfs", {"size=1m"}}};
    return blueprint;
}

TEST(InspectHost, SaysWhichNamesWereAskedFor) {
    Blueprint named = blueprint();
    named.files.asked = {.dns = {"192.0.2.1"},
                         .dns_search = {"example.org"},
                         .dns_options = {"ndots:2"},
                         .hosts = {"db:192.0.2.7"}};
    const Json json = host_config_of(named);
    EXPECT_EQ(json["Dns"].dump(), R"(["192.0.2.1"])");
    EXPECT_EQ(json["DnsSearch"].dump(), R"(["example.org"])");
    EXPECT_EQ(json["DnsOptions"].dump(), R"(["ndots:2"])");
    EXPECT_EQ(json["ExtraHosts"].dump(), R"(["db:192.0.2.7"])");
    EXPECT_EQ(host_config_of(blueprint())["Dns"].dump(), "[]");
}

TEST(InspectHost, SaysHowItIsTiedToTheHost) {
    const Json json = host_config_of(blueprint());
    EXPECT_EQ(json["AutoRemove"].dump(), "true");
    EXPECT_EQ(json["RestartPolicy"].dump(), R"({"Name":"no","MaximumRetryCount":0})");
    EXPECT_EQ(json["LogConfig"].dump(), R"({"Type":"k8s-file","Config":{},"Tag":""})");
    EXPECT_EQ(*json["NetworkMode"].as_string(), "none");
    EXPECT_EQ(*json["PidMode"].as_string(), "private");
    EXPECT_EQ(*json["IpcMode"].as_string(), "host");
    EXPECT_EQ(json["ReadonlyRootfs"].dump(), "false");
    EXPECT_EQ(json["PortBindings"].dump(), "{}");
}

TEST(InspectHost, ShowsZeroForWhatIsNotLimited) {
    const Json json = host_config_of(blueprint());
    for (const char* limit : {"Memory", "MemorySwap", "MemoryReservation", "CpuShares", "CpuPeriod",
                              "CpuQuota", "NanoCpus", "PidsLimit", "BlkioWeight", "OomScoreAdj"})
        EXPECT_EQ(json[limit].dump(), "0") << limit;
    Blueprint limited = blueprint();
    limited.request.spec.resources.cpu = {.quota = 150'000, .period = 100'000};
    EXPECT_EQ(host_config_of(limited)["NanoCpus"].as_integer(), 1'500'000'000);
}

TEST(InspectHost, ShowsMountsAsTheyAreAskedFor) {
    const Json json = host_config_of(blueprint());
    EXPECT_EQ(json["Binds"].dump(), R"(["/home/u/src:/src:rbind,ro"])");
    EXPECT_EQ(json["Tmpfs"].dump(), R"({"/cache":"size=1m"})");
    EXPECT_EQ(json["ShmSize"].as_integer(), 65'536);
}

TEST(InspectHost, ShowsWhatIsNotAsUsualOfItsRights) {
    Blueprint changed = blueprint();
    Json json = host_config_of(changed);
    EXPECT_EQ(json["CapAdd"].dump() + json["CapDrop"].dump() + json["SecurityOpt"].dump(),
              "[][][]");
    EXPECT_EQ(json["Privileged"].dump(), "false");

    oci::Process& process = changed.request.spec.process;
    process.capabilities = oci::Capabilities::of({"CAP_CHOWN", "CAP_NET_ADMIN"});
    process.no_new_privileges = true;
    process.rlimits = {{.type = "RLIMIT_NOFILE", .soft = 10, .hard = 20}};
    changed.request.identity.groups = {"audio"};
    json = host_config_of(changed);
    EXPECT_EQ(json["CapAdd"].dump(), R"(["CAP_NET_ADMIN"])");
    EXPECT_TRUE(json["CapDrop"].dump().contains("CAP_SETUID"));
    EXPECT_EQ(json["SecurityOpt"].dump(), R"(["no-new-privileges"])");
    EXPECT_EQ(json["Ulimits"].dump(), R"([{"Name":"nofile","Soft":10,"Hard":20}])");
    EXPECT_EQ(json["GroupAdd"].dump(), R"(["audio"])");

    process.capabilities = oci::Capabilities::of(os::capability_names(os::all_capabilities()));
    changed.request.seccomp = sandbox::Unconfined{};
    EXPECT_EQ(host_config_of(changed)["Privileged"].dump(), "true");
}

TEST(InspectHost, ShowsTheNetworkThatThereIs) {
    EXPECT_EQ(network_settings_of(blueprint())["Ports"].dump(), "{}");
    EXPECT_TRUE(network_settings_of(blueprint())["Networks"].find("none"));
    Blueprint shared = blueprint();
    shared.request.spec.namespaces = {{.type = "pid"}};
    EXPECT_TRUE(network_settings_of(shared)["Networks"].find("host"));
}

TEST(InspectHost, ShowsTheNetworksThatItShares) {
    Blueprint shared = blueprint();
    shared.attachments = {{.network = "app", .interface = "eth0"},
                          {.network = "back", .interface = "eth1", .aliases = {"db"}}};
    EXPECT_EQ(*host_config_of(shared)["NetworkMode"].as_string(), "app");
    const Json json = network_settings_of(shared, {{.network = "app", .v4 = "10.89.0.2"}});
    EXPECT_EQ(*json["IPAddress"].as_string(), "") << "it is not of one network alone";
    EXPECT_EQ(*json["Networks"]["app"]["IPAddress"].as_string(), "10.89.0.2");
    EXPECT_EQ(*json["Networks"]["back"]["IPAddress"].as_string(), "") << "it does not run there";
    EXPECT_EQ(json["Networks"]["back"]["Aliases"].dump(), R"(["db"])");
}

TEST(InspectHost, ShowsTheAddressesOfOneWithAWayOut) {
    Blueprint connected = blueprint();
    connected.slirp = network::Settings{.mtu = 1500};
    EXPECT_EQ(*host_config_of(connected)["NetworkMode"].as_string(), "slirp:mtu=1500");
    const Json json = network_settings_of(connected);
    EXPECT_EQ(*json["IPAddress"].as_string(), "10.0.2.100");
    EXPECT_EQ(*json["Gateway"].as_string(), "10.0.2.2");
    EXPECT_EQ(*json["MacAddress"].as_string(), "02:42:0a:00:02:64");
    EXPECT_EQ(*json["Networks"]["slirp"]["GlobalIPv6Address"].as_string(), "fd00::100");
}

TEST(InspectHost, ShowsThatOneIsServedByPasta) {
    Blueprint connected = blueprint();
    connected.pasta = network::PastaOptions{.words = {"-4"}};
    EXPECT_EQ(*host_config_of(connected)["NetworkMode"].as_string(), "pasta:-4");
    const Json json = network_settings_of(connected);
    EXPECT_EQ(*json["Networks"]["pasta"]["IPAddress"].as_string(), "") << "pasta alone knows";
}

}  // namespace
}  // namespace sbx::container
