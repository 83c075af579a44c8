#include "container/compose_namespaces.h"

#include <gtest/gtest.h>

#include "container/shared_namespaces.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

class ComposeNamespaces : public testing::Test {
protected:
    // A container whose id is its letter, many times.
    std::string make(char letter, const Options& options = {}) {
        Blueprint blueprint{.record = {.id = std::string(64, letter), .name = {letter, 'x'}}};
        const Namespaces namespaces = composed(options);
        blueprint.request.spec.namespaces = namespaces.all;
        blueprint.request.user_namespace = namespaces.user;
        blueprint.files = {.hostname = std::string("host-") + letter + "\n", .hosts = "its hosts"};
        EXPECT_TRUE(succeeds(containers_.create(blueprint.record, to_json(blueprint),
                                                os::Durability::until_reboot)));
        return blueprint.record.id;
    }

    Result<Namespaces> try_compose(const Options& options) {
        const NetworkMode network = parse_network_mode(options.network).value();
        return compose_namespaces(options, network, {.uid = 1000, .gid = 100}, *store_);
    }
    Namespaces composed(const Options& options) {
        Result<Namespaces> namespaces = try_compose(options);
        EXPECT_TRUE(succeeds(namespaces));
        return *std::move(namespaces);
    }
    std::string joined(const Options& options, const char* type) {
        oci::Spec spec;
        spec.namespaces = composed(options).all;
        EXPECT_TRUE(spec.find_namespace(type)) << type;
        return joined_namespace(spec, type);
    }

    test::TempStore store_;
    store::Containers containers_ = *store::Containers::open(*store_);
};

TEST_F(ComposeNamespaces, AreOnesOwnUnlessAskedOtherwise) {
    for (const char* type : {"user", "mount", "network", "pid", "ipc", "uts", "cgroup"})
        EXPECT_EQ(joined({}, type), "") << type;
}

TEST_F(ComposeNamespaces, KnowsDockersWordForAnIpcNamespaceThatOthersMayShare) {
    EXPECT_EQ(joined({.ipc = "shareable"}, "ipc"), "");
    EXPECT_TRUE(fails_saying(try_compose({.uts = "shareable"}), "--uts shareable"));
}

TEST_F(ComposeNamespaces, SharesThoseOfAContainerAndItsIds) {
    const std::string id = make('a', {.userns = "keep-id"});
    const Options options{.network = "container:ax"};
    EXPECT_EQ(joined(options, "network"), "container:" + id);
    EXPECT_EQ(joined(options, "user"), "container:" + id);
    EXPECT_EQ(joined(options, "ipc"), "");
    const Namespaces namespaces = composed(options);
    EXPECT_TRUE(std::holds_alternative<sandbox::KeepId>(namespaces.user));
    EXPECT_EQ(namespaces.hostname, "host-a");
    ASSERT_TRUE(namespaces.files);
    EXPECT_EQ(namespaces.files->hosts, "its hosts");
    EXPECT_EQ(joined({.userns = "container:aaaa"}, "user"), "container:" + id);
    EXPECT_EQ(joined({.pid = "container:ax"}, "pid"), "container:" + id);
    EXPECT_FALSE(composed({.ipc = "container:ax"}).files);
}

TEST_F(ComposeNamespaces, FollowsWhoeverHasTheHostsNetworkThere) {
    make('a');
    make('c', {.network = "host"});
    EXPECT_TRUE(follow_to_host({.joined = "container:cx"}, *store_)->host);
    EXPECT_EQ(follow_to_host({.joined = "container:cx"}, *store_)->joined, "");
    EXPECT_EQ(follow_to_host({.joined = "container:ax"}, *store_)->joined, "container:ax");
    EXPECT_FALSE(follow_to_host({}, *store_)->host);
    EXPECT_TRUE(fails_saying(follow_to_host({.joined = "container:x"}, *store_),
                             "--network container:x: there is no container 'x'"));
}

TEST_F(ComposeNamespaces, FollowsWhoeverSharesAlready) {
    const std::string first = make('a');
    const std::string second = make('b', {.network = "container:ax"});
    EXPECT_EQ(joined({.ipc = "container:bx"}, "ipc"), "container:" + second);
    EXPECT_EQ(joined({.ipc = "container:bx"}, "user"), "container:" + first);
    EXPECT_TRUE(succeeds(try_compose({.network = "container:ax", .ipc = "container:bx"})));
}

TEST_F(ComposeNamespaces, RefusesWhatContradictsSharing) {
    make('a');
    make('b');
    make('c', {.network = "host", .pid = "host"});
    EXPECT_TRUE(fails_saying(try_compose({.network = "container:ax", .ipc = "container:bx"}),
                             "--ipc container:bx: it has other ids than the container whose "
                             "network is shared"));
    EXPECT_TRUE(fails_saying(try_compose({.network = "container:cx"}),
                             "--network container:cx: it has none of its own, but the host's"));
    EXPECT_TRUE(fails_saying(try_compose({.network = "container:ax", .userns = "keep-id"}),
                             "--userns keep-id: the ids are those of the container"));
    EXPECT_TRUE(fails_saying(try_compose({.network = "container:nosuch"}),
                             "--network container:nosuch: there is no container 'nosuch'"));
    EXPECT_TRUE(fails_saying(try_compose({.hostname = "h", .uts = "container:ax"}),
                             "--hostname and --uts container:ax exclude each other"));
    EXPECT_TRUE(fails_saying(try_compose({.cgroupns = "container:ax"}), "--cgroupns container:ax"));
}

TEST_F(ComposeNamespaces, LeavesWhatIsOfTheNetworkToWhoHasIt) {
    make('a');
    const auto refused = [&](Options options, std::string_view flag) {
        options.network = "container:ax";
        return fails_saying(try_compose(options),
                            fmt::format("{} and --network container:ax exclude each other", flag));
    };
    EXPECT_TRUE(refused({.publish = {"80:80"}}, "--publish"));
    EXPECT_TRUE(refused({.publish_all = true}, "--publish-all"));
    EXPECT_TRUE(refused({.dns = {"1.1.1.1"}}, "--dns"));
    EXPECT_TRUE(refused({.hosts = {"a:1.1.1.1"}}, "--add-host"));
    EXPECT_TRUE(refused({.hostname = "h"}, "--hostname"));
}

TEST_F(ComposeNamespaces, TakesFilesOfTheHost) {
    EXPECT_EQ(joined({.network = "ns:/run/netns/x"}, "network"), "ns:/run/netns/x");
    EXPECT_EQ(joined({.pid = "ns:/proc/1/ns/pid"}, "pid"), "ns:/proc/1/ns/pid");
    EXPECT_EQ(joined({.pid = "ns:/proc/1/ns/pid"}, "user"), "");
    EXPECT_TRUE(fails_saying(try_compose({.ipc = "ns:x"}), "--ipc ns:x: an absolute path"));
}

}  // namespace
}  // namespace sbx::container
