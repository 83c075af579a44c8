#include "oci/resources.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::oci {
namespace {

using test::fails_saying;
using test::succeeds;

Result<Resources> read(std::string_view text) {
    return Resources::from_json(TRY(Json::parse(text)));
}

// Everything that config-linux.md names, in the order that it is written in.
constexpr std::string_view kWhole =
    R"({"devices":[{"allow":false,"access":"rwm"},)"
    R"({"allow":true,"type":"c","major":10,"minor":229,"access":"rw"},)"
    R"({"allow":true,"type":"b","major":8,"minor":-1,"access":"r"}],)"
    R"("memory":{"limit":536870912,"reservation":-1,"swap":536870912,"kernel":-1,"kernelTCP":-1,)"
    R"("swappiness":0,"disableOOMKiller":false,"useHierarchy":true,"checkBeforeUpdate":true},)"
    R"("cpu":{"shares":1024,"quota":1000000,"burst":500000,"period":500000,)"
    R"("realtimeRuntime":950000,"realtimePeriod":1000000,"cpus":"2-3","mems":"0-7","idle":0},)"
    R"("pids":{"limit":32771},)"
    R"("blockIO":{"weight":10,"leafWeight":10,)"
    R"("weightDevice":[{"major":8,"minor":0,"weight":500,"leafWeight":300},)"
    R"({"major":8,"minor":16,"weight":500}],)"
    R"("throttleReadBpsDevice":[{"major":8,"minor":0,"rate":600}],)"
    R"("throttleWriteBpsDevice":[{"major":8,"minor":0,"rate":601}],)"
    R"("throttleReadIOPSDevice":[{"major":8,"minor":0,"rate":602}],)"
    R"("throttleWriteIOPSDevice":[{"major":8,"minor":16,"rate":300}]},)"
    R"("hugepageLimits":[{"pageSize":"2MB","limit":209715200},{"pageSize":"64KB","limit":0}],)"
    R"("network":{"classID":1048577,"priorities":[{"name":"eth0","priority":500}]},)"
    R"("rdma":{"hfi1_0":{"hcaHandles":0},"mlx5_1":{"hcaHandles":3,"hcaObjects":10000}},)"
    R"("unified":{"hugetlb.1GB.max":"1073741824","io.max":"259:0 rbps=2097152 wiops=120"}})";

TEST(Resources, GoThroughJsonWhole) {
    const Result<Resources> resources = read(kWhole);
    ASSERT_TRUE(succeeds(resources));
    EXPECT_EQ(resources->to_json().dump(), kWhole);
}

TEST(Resources, AreWhatTheDocumentSays) {
    const Result<Resources> resources = read(kWhole);
    ASSERT_TRUE(succeeds(resources));
    EXPECT_EQ(resources->devices[1].major, 10);
    EXPECT_EQ(resources->devices[0].type, "");
    EXPECT_EQ(resources->memory.limit, 536870912);
    EXPECT_EQ(resources->memory.reservation, -1);
    EXPECT_EQ(resources->memory.check_before_update, true);
    EXPECT_EQ(resources->memory.disable_oom_killer, false);
    EXPECT_EQ(resources->cpu.burst, 500000);
    EXPECT_EQ(resources->cpu.idle, 0);
    EXPECT_EQ(resources->pids_limit, 32771);
    EXPECT_EQ(resources->block.write_bps[0].rate, 601);
    EXPECT_EQ(resources->rdma.at("mlx5_1").hca_objects, 10000);
    EXPECT_EQ(resources->unified.at("hugetlb.1GB.max"), "1073741824");
}

TEST(Resources, MayBeNone) {
    const Result<Resources> resources = read(R"({"memory":{},"cpu":null,"pids":{},"future":{}})");
    ASSERT_TRUE(succeeds(resources));
    EXPECT_EQ(*resources, Resources{});
    EXPECT_EQ(resources->to_json().dump(), "{}");
}

TEST(Resources, TellZeroFromNothing) {
    const Result<Resources> resources = read(R"({"memory":{"swap":0},"pids":{"limit":0}})");
    ASSERT_TRUE(succeeds(resources));
    EXPECT_EQ(resources->memory.swap, 0);
    EXPECT_EQ(resources->pids_limit, 0);
    EXPECT_EQ(resources->memory.limit, std::nullopt);
}

struct Bad {
    std::string_view text;
    std::string_view why;
};

class BadResources : public testing::TestWithParam<Bad> {};

TEST_P(BadResources, AreRefused) {
    EXPECT_TRUE(fails_saying(read(GetParam().text), GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadResources,
    testing::Values(
        Bad{"[]", "[] is not an object"},
        Bad{R"({"memory":{"limit":"1g"}})", R"(memory.limit: "1g" is not a number from -1)"},
        Bad{R"({"memory":{"limit":-2}})", "memory.limit: -2 is not a number from -1"},
        Bad{R"({"memory":{"swappiness":-1}})", "memory.swappiness: -1 is not a number from 0"},
        Bad{R"({"memory":{"disableOOMKiller":1}})", "memory.disableOOMKiller: 1 is not true"},
        Bad{R"({"cpu":{"shares":1.5}})", "cpu.shares: 1.5 is not a number"},
        Bad{R"({"cpu":{"cpus":3}})", "cpu.cpus: 3 is not a string"},
        Bad{R"({"pids":{"limit":"max"}})", R"(pids.limit: "max" is not a number)"},
        Bad{R"({"pids":7})", "pids: 7 is not an object"},
        Bad{R"({"blockIO":{"weight":65536}})", "blockIO.weight: 65536 is not a number from 0 to"},
        Bad{R"({"blockIO":{"weightDevice":[{"major":8}]}})",
            "blockIO.weightDevice[0].minor: is missing"},
        Bad{R"({"blockIO":{"throttleReadBpsDevice":[{"major":8,"minor":0}]}})",
            "blockIO.throttleReadBpsDevice[0].rate: is missing"},
        Bad{R"({"hugepageLimits":[{"pageSize":"2","limit":1}]})",
            R"(hugepageLimits[0].pageSize: "2" is not the size of a page)"},
        Bad{R"({"hugepageLimits":[{"pageSize":"02MB","limit":1}]})", "is not the size of a page"},
        Bad{R"({"hugepageLimits":[{"pageSize":"MB","limit":1}]})", "is not the size of a page"},
        Bad{R"({"hugepageLimits":[{"pageSize":"2MB"}]})", "hugepageLimits[0].limit: is missing"},
        Bad{R"({"network":{"priorities":[{"name":"eth0"}]}})",
            "priorities[0].priority: is missing"},
        Bad{R"({"rdma":{"mlx5_1":{"hcaHandles":-1}}})", "rdma.mlx5_1.hcaHandles: -1 is not"},
        Bad{R"({"devices":[{}]})", "devices[0].allow: is missing"},
        Bad{R"({"devices":[{"allow":true,"type":"x"}]})",
            "devices[0].type: 'x' is none of a, b, c"},
        Bad{R"({"devices":[{"allow":true,"access":"rwx"}]})", "devices[0].access: \"rwx\" has"},
        Bad{R"({"devices":[{"allow":true,"major":-2}]})", "devices[0].major: -2 is not a number"},
        Bad{R"({"unified":{"../x":"1"}})", "unified: "},
        Bad{R"({"unified":{"memory.max":1}})", "unified['memory.max']: 1 is not a string"}));

}  // namespace
}  // namespace sbx::oci
