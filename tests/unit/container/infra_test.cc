#include "container/infra.h"

#include <gtest/gtest.h>

#include "support/results.h"
#include "support/store.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

class Infra : public testing::Test {
protected:
    Result<NewPod> try_compose(const PodOptions& options) {
        return compose_pod(options, {.working_directory = "/", .uid = 1000, .gid = 100}, store_);
    }
    NewPod composed(const PodOptions& options) {
        Result<NewPod> pod = try_compose(options);
        EXPECT_TRUE(succeeds(pod));
        return *std::move(pod);
    }

    test::TestStore store_;
};

TEST_F(Infra, SharesNetworkNameAndIpcUnlessAskedOtherwise) {
    EXPECT_EQ(composed({}).pod.shared, (Strings{"ipc", "net", "uts"}));
    EXPECT_EQ(composed({.share = "net"}).pod.shared, Strings{"net"});
    EXPECT_EQ(composed({.share = "uts,net,uts"}).pod.shared, (Strings{"net", "uts"}));
    EXPECT_EQ(composed({.share = "+pid"}).pod.shared, (Strings{"ipc", "net", "pid", "uts"}));
}

TEST_F(Infra, IsAContainerWithNothingInIt) {
    const NewPod made = composed({.name = "web", .network = {.publish = {"8080:80"}}});
    ASSERT_TRUE(made.infra);
    const Blueprint& infra = *made.infra;
    EXPECT_EQ(made.pod.infra, infra.record.id);
    EXPECT_EQ(infra.record.pod, made.pod.id);
    EXPECT_TRUE(infra.record.is_infra);
    EXPECT_EQ(infra.record.name, made.pod.id.substr(0, 12) + "-infra");
    const oci::Spec& spec = infra.request.spec;
    EXPECT_TRUE(infra.request.init);
    EXPECT_TRUE(spec.process.args.empty());
    ASSERT_EQ(spec.mounts.size(), 1U);
    EXPECT_EQ(spec.mounts.front().destination, "/dev/shm");
    EXPECT_TRUE(spec.root_read_only);
    EXPECT_EQ(spec.root_path, store_.data() + "/containers/" + infra.record.id + "/upper");
    EXPECT_TRUE(spec.process.capabilities.bounding.empty());
    EXPECT_TRUE(spec.process.no_new_privileges);
    EXPECT_EQ(spec.hostname, "web");
    ASSERT_EQ(infra.ports.size(), 1U);
    EXPECT_EQ(infra.ports.front().host_port, 8080);
}

TEST_F(Infra, IsMissingWhereNothingIsShared) {
    for (const PodOptions& options :
         {PodOptions{.share = "none"}, PodOptions{.share = ""}, PodOptions{.infra = false}}) {
        const NewPod made = composed(options);
        EXPECT_FALSE(made.infra);
        EXPECT_EQ(made.pod.infra, "");
        EXPECT_EQ(made.pod.shared, Strings{});
    }
}

TEST_F(Infra, HasANetworkOfItsOwnAloneWhereThatIsShared) {
    EXPECT_TRUE(composed({}).infra->slirp);
    EXPECT_FALSE(composed({.share = "ipc"}).infra->slirp);
    EXPECT_TRUE(composed({.share = "net"}).infra->request.spec.mounts.empty());
}

TEST_F(Infra, HoldsThePodToItsRules) {
    const NewPod pod = composed({.network = {.egress = {.allow = {"example.org"}}}});
    EXPECT_EQ(pod.infra->egress->rules.allowed[0].name, "example.org");
    EXPECT_TRUE(fails_saying(
        try_compose({.share = "ipc", .network = {.egress = {.deny = {"example.org"}}}}),
        "--net-deny: the pod shares no network"));
    EXPECT_TRUE(fails_saying(
        try_compose({.network = {.network = "host", .egress = {.allow = {"example.org"}}}}),
        "are for a network of the container's own"));
}

TEST_F(Infra, HasANameForAHostWhereThePodsIsNone) {
    EXPECT_EQ(composed({.name = "web", .network = {.hostname = "h"}}).pod.hostname, "h");
    const NewPod odd = composed({.name = "a..b"});
    EXPECT_EQ(odd.pod.hostname, odd.pod.id.substr(0, 12));
    EXPECT_EQ(composed({.share = "net"}).pod.hostname, "");
}

TEST_F(Infra, RefusesWhatThereIsNobodyToHave) {
    EXPECT_TRUE(fails_saying(try_compose({.share = "ipc", .network = {.publish = {"80:80"}}}),
                             "--publish: the pod shares no network"));
    EXPECT_TRUE(fails_saying(try_compose({.infra = false, .network = {.dns = {"1.1.1.1"}}}),
                             "--dns: the pod shares no network"));
    EXPECT_TRUE(fails_saying(try_compose({.share = "net", .network = {.hostname = "h"}}),
                             "--hostname h: the pod shares no name"));
    EXPECT_TRUE(fails_saying(try_compose({.infra = false, .infra_name = "x"}),
                             "--infra-name: the pod has no infra container"));
    EXPECT_TRUE(fails_saying(try_compose({.share = "cgroup"}), "--share cgroup: each container"));
    EXPECT_TRUE(fails_saying(try_compose({.share = "net,all"}), "--share net,all: ipc, net,"));
    EXPECT_TRUE(fails_saying(try_compose({.name = "a/b"}), "is not a name for a pod"));
    EXPECT_TRUE(fails_saying(try_compose({.network = {.network = "mine"}}), "--network mine"));
}

}  // namespace
}  // namespace sbx::container
