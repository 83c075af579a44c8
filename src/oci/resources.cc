#include "oci/resources.h"

#include <array>
#include <cctype>
#include <string_view>

#include "oci/members.h"

namespace sbx::oci {

static void describe(Members& members, DeviceRule& rule) {
    static constexpr std::array<std::string_view, 4> kTypes = {"a", "b", "c", ""};
    const Members::Rule number{.least = -1};
    members.required("allow", rule.allow);
    members.optional("type", rule.type, {.words = kTypes});
    members.optional("major", rule.major, number);
    members.optional("minor", rule.minor, number);
    members.optional("access", rule.access);
    members.refuse_unless(rule.access.find_first_not_of("rwm") == std::string::npos, "access",
                          "has letters other than r, w and m");
}

static void describe(Members& members, MemoryLimits& memory) {
    const Members::Rule bytes{.least = -1};
    members.optional("limit", memory.limit, bytes);
    members.optional("reservation", memory.reservation, bytes);
    members.optional("swap", memory.swap, bytes);
    members.optional("kernel", memory.kernel, bytes);
    members.optional("kernelTCP", memory.kernel_tcp, bytes);
    members.optional("swappiness", memory.swappiness);
    members.optional("disableOOMKiller", memory.disable_oom_killer);
    members.optional("useHierarchy", memory.use_hierarchy);
    members.optional("checkBeforeUpdate", memory.check_before_update);
}

static void describe(Members& members, CpuLimits& cpu) {
    members.optional("shares", cpu.shares);
    members.optional("quota", cpu.quota);
    members.optional("burst", cpu.burst);
    members.optional("period", cpu.period);
    members.optional("realtimeRuntime", cpu.realtime_runtime);
    members.optional("realtimePeriod", cpu.realtime_period);
    members.optional("cpus", cpu.cpus);
    members.optional("mems", cpu.mems);
    members.optional("idle", cpu.idle);
}

static void describe(Members& members, BlockWeight& device) {
    members.required("major", device.major, {.least = 0});
    members.required("minor", device.minor, {.least = 0});
    members.optional("weight", device.weight);
    members.optional("leafWeight", device.leaf_weight);
}

static void describe(Members& members, BlockThrottle& device) {
    members.required("major", device.major, {.least = 0});
    members.required("minor", device.minor, {.least = 0});
    members.required("rate", device.rate);
}

static void describe(Members& members, BlockLimits& block) {
    members.optional("weight", block.weight);
    members.optional("leafWeight", block.leaf_weight);
    members.optional("weightDevice", block.weight_device);
    members.optional("throttleReadBpsDevice", block.read_bps);
    members.optional("throttleWriteBpsDevice", block.write_bps);
    members.optional("throttleReadIOPSDevice", block.read_iops);
    members.optional("throttleWriteIOPSDevice", block.write_iops);
}

// "2MB": digits that begin with none of 0, and KB, MB or GB.
static bool is_page_size(std::string_view text) {
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == text.npos || text.front() == '0') return false;
    const std::string_view unit = text.substr(digits);
    return unit == "KB" || unit == "MB" || unit == "GB";
}

static void describe(Members& members, HugepageLimit& limit) {
    members.required("pageSize", limit.page_size);
    members.required("limit", limit.limit);
    members.refuse_unless(is_page_size(limit.page_size), "pageSize",
                          "is not the size of a page, such as 2MB");
}

static void describe(Members& members, InterfacePriority& interface) {
    members.required("name", interface.name);
    members.required("priority", interface.priority);
}

static void describe(Members& members, NetworkLimits& network) {
    members.optional("classID", network.class_id);
    members.optional("priorities", network.priorities);
}

static void describe(Members& members, RdmaLimit& limit) {
    members.optional("hcaHandles", limit.hca_handles);
    members.optional("hcaObjects", limit.hca_objects);
}

void describe(Members& members, Resources& resources) {
    members.optional("devices", resources.devices);
    members.optional("memory", resources.memory);
    members.optional("cpu", resources.cpu);
    members.object("pids", [&] { members.optional("limit", resources.pids_limit, {.least = -1}); });
    members.optional("blockIO", resources.block);
    members.optional("hugepageLimits", resources.hugepages);
    members.optional("network", resources.network);
    members.optional("rdma", resources.rdma);
    members.optional("unified", resources.unified);
    for (const auto& [file, value] : resources.unified)
        members.refuse_unless(!file.empty() && !file.contains('/'), "unified",
                              "has a name that is none of a file of the cgroup's");
}

Result<Resources> Resources::from_json(const Json& json) { return read_document<Resources>(json); }

Json Resources::to_json() const { return write_document(*this); }

}  // namespace sbx::oci
