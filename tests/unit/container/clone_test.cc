#include "container/clone.h"

#include <gtest/gtest.h>

#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::container {
namespace {

using test::succeeds;
using Strings = std::vector<std::string>;

class CloneTest : public testing::Test {
protected:
    CloneTest() {
        original_.record = {.id = std::string(64, 'a'),
                            .name = "box",
                            .labels = {{"kind", "test"}},
                            .volumes = {"data", "unnamed"},
                            .anonymous_volumes = {"unnamed"},
                            .exit_code = 3,
                            .restarts = 4};
        original_.files = {
            .hostname = "aaaaaaaaaaaa\n",
            .hosts = "9.9.9.9\tbox\n127.0.0.1\tlocalhost\n10.0.2.100\taaaaaaaaaaaa box\n"};
        oci::Spec& spec = original_.request.spec;
        spec.hostname = "aaaaaaaaaaaa";
        spec.process.env = {"HOSTNAME=aaaaaaaaaaaa", "A=aaaaaaaaaaaa"};
        spec.mounts = {
            {"/etc/hosts", "bind", "/run/containers/" + original_.record.id + "/hosts", {}},
            {"/d", "bind", store::Volumes::path_of(*store_, "data"), {}},
            {"/u", "bind", store::Volumes::path_of(*store_, "unnamed"), {}}};
    }

    test::TempStore store_;
    Blueprint original_;
};

TEST_F(CloneTest, HasItsOwnId) {
    const Blueprint clone = clone_of(original_, "copy", *store_);
    const std::string& id = clone.record.id;
    EXPECT_NE(id, original_.record.id);
    EXPECT_EQ(clone.record.name, "copy");
    EXPECT_EQ(clone.record.labels, original_.record.labels);
    EXPECT_EQ(clone.request.cgroup.name, "sbx-" + id.substr(0, 12));
    EXPECT_EQ(clone.request.spec.mounts[0].source, "/run/containers/" + id + "/hosts");
}

TEST_F(CloneTest, KeepsItsOverlaysApart) {
    const std::string folder = "/data/containers/" + original_.record.id + "/overlays/0/";
    original_.request.spec.mounts = {
        {"/o", "overlay", "/src", {"nodev", "upperdir=" + folder + "upper"}}};
    const Blueprint clone = clone_of(original_, "copy", *store_);
    EXPECT_EQ(
        clone.request.spec.mounts[0].options,
        (Strings{"nodev", "upperdir=/data/containers/" + clone.record.id + "/overlays/0/upper"}));
}

TEST_F(CloneTest, IsOnTheSameNetworksByAddressesOfItsOwn) {
    original_.record.networks = {"app"};
    original_.attachments = {{.network = "app",
                              .interface = "eth0",
                              .v4 = "10.89.0.5",
                              .hardware = "02:00:00:00:00:01",
                              .aliases = {"db"}}};
    const Blueprint clone = clone_of(original_, "copy", *store_);
    EXPECT_EQ(clone.record.networks, Strings{"app"});
    EXPECT_EQ(
        clone.attachments,
        (std::vector<Attachment>{{.network = "app", .interface = "eth0", .aliases = {"db"}}}));
}

TEST_F(CloneTest, HasNotLived) {
    const Blueprint clone = clone_of(original_, "copy", *store_);
    EXPECT_FALSE(clone.record.exit_code);
    EXPECT_EQ(clone.record.restarts, 0);
    EXPECT_TRUE(clone.record.awaits_start);
}

TEST_F(CloneTest, IsCalledAfterItsIdWhereTheOtherIs) {
    const Blueprint clone = clone_of(original_, "copy", *store_);
    const std::string host = clone.record.id.substr(0, 12);
    EXPECT_EQ(clone.request.spec.hostname, host);
    EXPECT_EQ(clone.files.hostname, host + "\n");
    EXPECT_EQ(clone.files.hosts,
              "9.9.9.9\tbox\n127.0.0.1\tlocalhost\n10.0.2.100\t" + host + " copy\n");
    EXPECT_EQ(clone.request.spec.process.env, (Strings{"HOSTNAME=" + host, "A=aaaaaaaaaaaa"}));
    original_.files.hostname = original_.request.spec.hostname = "mine";
    original_.files.hosts = "127.0.0.1\tlocalhost\n10.0.2.100\tmine box\n";
    const Blueprint other = clone_of(original_, "mine-clone", *store_);
    EXPECT_EQ(other.request.spec.hostname, "mine");
    EXPECT_EQ(other.files.hosts, "127.0.0.1\tlocalhost\n10.0.2.100\tmine mine-clone\n");
}

TEST_F(CloneTest, SharesVolumesThatHaveNames) {
    const Blueprint clone = clone_of(original_, "copy", *store_);
    ASSERT_EQ(clone.record.anonymous_volumes.size(), 1U);
    const std::string& own = clone.record.anonymous_volumes[0];
    EXPECT_NE(own, "unnamed");
    EXPECT_EQ(clone.record.volumes, (Strings{"data", own}));
    EXPECT_EQ(clone.request.spec.mounts[1].source, original_.request.spec.mounts[1].source);
    EXPECT_EQ(clone.request.spec.mounts[2].source, store::Volumes::path_of(*store_, own));
    ASSERT_EQ(clone.volumes.size(), 2U);
    EXPECT_TRUE(clone.volumes[1].anonymous);
}

TEST_F(CloneTest, HasANameOfItsOwn) {
    const store::Containers containers = *store::Containers::open(*store_);
    EXPECT_EQ(name_for_clone("box", containers), "box-clone");
    ASSERT_TRUE(succeeds(containers.create(clone_of(original_, "box-clone", *store_).record,
                                           Json::object(), os::Durability::until_reboot)));
    EXPECT_EQ(name_for_clone("box", containers), "box-clone1");
}

}  // namespace
}  // namespace sbx::container
