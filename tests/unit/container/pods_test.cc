#include "container/pods.h"

#include <gtest/gtest.h>

#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

Listed container(State state, bool paused = false) {
    Listed listed{.record = {.id = "1", .name = "c"}, .status = {}};
    listed.status.state = state;
    listed.status.paused = paused;
    return listed;
}

std::string_view state(std::vector<Listed> containers) {
    return state_of({.pod = {.id = "aa", .name = "p"}, .containers = std::move(containers)});
}

TEST(PodState, IsWhatItsContainersDo) {
    const Listed created = container(State::created);
    const Listed running = container(State::running);
    const Listed paused = container(State::running, true);
    const Listed exited = container(State::exited);
    EXPECT_EQ(state({}), "Created");
    EXPECT_EQ(state({created, created}), "Created");
    EXPECT_EQ(state({running, running}), "Running");
    EXPECT_EQ(state({running, exited}), "Degraded");
    EXPECT_EQ(state({running, created}), "Degraded");
    EXPECT_EQ(state({paused, paused}), "Paused");
    EXPECT_EQ(state({exited, exited}), "Exited");
    EXPECT_EQ(state({exited, created}), "Stopped");
}

store::Pod sharing(std::vector<std::string> shared) {
    return {.id = "aa", .name = "p", .shared = std::move(shared), .infra = "cc"};
}

TEST(EnterPod, SharesWhatThePodShares) {
    Options options;
    ASSERT_TRUE(succeeds(enter_pod(sharing({"ipc", "net", "uts"}), options)));
    EXPECT_EQ(options.network, "container:cc");
    EXPECT_EQ(options.ipc, "container:cc");
    EXPECT_EQ(options.uts, "container:cc");
    EXPECT_EQ(options.pid, "");
    EXPECT_EQ(options.userns, "");
    Options all;
    ASSERT_TRUE(succeeds(enter_pod(sharing({"pid", "user"}), all)));
    EXPECT_EQ(all.pid, "container:cc");
    EXPECT_EQ(all.userns, "container:cc");
    EXPECT_EQ(all.network, "");
}

TEST(EnterPod, OfAGroupSharesNothing) {
    store::Pod pod{.id = "aa", .name = "p"};
    pod.volumes = {"data:/d"};
    Options options{.volumes = {"own:/o"}};
    ASSERT_TRUE(succeeds(enter_pod(pod, options)));
    EXPECT_EQ(options.network, "");
    EXPECT_EQ(options.volumes, (std::vector<std::string>{"data:/d", "own:/o"}));
}

TEST(EnterPod, RefusesWhatContradictsIt) {
    Options network{.network = "none"};
    EXPECT_TRUE(fails_saying(enter_pod(sharing({"net"}), network),
                             "--network none and --pod exclude each other: the pod 'p' shares it"));
    Options user{.userns = "keep-id"};
    EXPECT_TRUE(fails_saying(enter_pod(sharing({"user"}), user), "--userns keep-id and --pod"));
    Options own{.ipc = "private"};
    EXPECT_TRUE(succeeds(enter_pod(sharing({"net"}), own)));
}

TEST(EnterPod, NamesThePodForWhatItHas) {
    Options ports{.publish = {"80:80"}};
    const Result<> refused = enter_pod(sharing({"net"}), ports);
    ASSERT_TRUE(fails_saying(refused, "--publish and --pod p exclude each other: the pod has it"));
    EXPECT_EQ(refused.error().hint(), "`sbx pod create` takes --publish");
    Options rules{.egress = {.allow = {"example.org"}}};
    EXPECT_TRUE(fails_saying(enter_pod(sharing({"net"}), rules), "--net-allow and --pod p"));
    Options name{.hostname = "h"};
    EXPECT_TRUE(fails_saying(enter_pod(sharing({"uts"}), name), "--hostname and --pod p"));
    EXPECT_TRUE(succeeds(enter_pod(sharing({"ipc"}), ports))) << "its network is its own";
}

TEST(InspectPod, SaysWhatItIs) {
    const test::TempStore store;
    ListedPod pod{.pod = {.id = "aa", .name = "p"}};
    pod.pod.labels = {{"k", "v"}};
    pod.containers = {container(State::exited)};
    const Json json = *inspect_pod(*store, pod);
    EXPECT_EQ(*json["Name"].as_string(), "p");
    EXPECT_EQ(*json["State"].as_string(), "Exited");
    EXPECT_EQ(*json["ExitPolicy"].as_string(), "continue");
    EXPECT_EQ(*json["Labels"]["k"].as_string(), "v");
    EXPECT_EQ(*json["Containers"].items().front()["State"].as_string(), "exited");
    EXPECT_FALSE(json.find("InfraConfig"));
}

}  // namespace
}  // namespace sbx::container
