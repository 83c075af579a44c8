#include "oci/linux.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "oci/members.h"

namespace sbx::oci {

void describe(Members& members, Namespace& ns) {
    static constexpr std::array<std::string_view, 8> kTypes = {"pid", "network", "mount",  "ipc",
                                                               "uts", "user",    "cgroup", "time"};
    members.required("type", ns.type, {.words = kTypes});
    members.optional("path", ns.path);
    members.refuse_unless(ns.path.empty() || ns.path.starts_with('/'), "path",
                          "is not an absolute path");
}

void describe(Members& members, NetDevice& device) { members.optional("name", device.name); }

void describe(Members& members, TimeOffset& offset) {
    members.optional("secs", offset.seconds);
    members.optional("nanosecs", offset.nanoseconds, {.most = 999'999'999});
}

static bool is_line(const std::string& text) { return !text.contains('\n'); }

void describe(Members& members, IntelRdt& rdt) {
    members.optional("closID", rdt.clos_id);
    members.optional("schemata", rdt.schemata);
    members.optional("l3CacheSchema", rdt.l3_cache_schema);
    members.optional("memBwSchema", rdt.memory_bandwidth_schema);
    members.optional("enableMonitoring", rdt.enable_monitoring);
    members.optional("enableCMT", rdt.enable_cmt);
    members.optional("enableMBM", rdt.enable_mbm);
    const std::string& bandwidth = rdt.memory_bandwidth_schema;
    const std::string& group = rdt.clos_id;
    const bool is_name = !group.contains('/') && group != "." && group != "..";
    members.refuse_unless(is_name || group == "/", "closID", "is not the name of a folder");
    members.refuse_unless(std::ranges::all_of(rdt.schemata, is_line), "schemata",
                          "has a line break in a line");
    members.refuse_unless(is_line(rdt.l3_cache_schema), "l3CacheSchema", "has a line break");
    members.refuse_unless(bandwidth.empty() || (bandwidth.starts_with("MB:") && is_line(bandwidth)),
                          "memBwSchema", "is not one line that begins with MB:");
}

void describe(Members& members, MemoryPolicy& policy) {
    static constexpr std::array<std::string_view, 7> kModes = {
        "MPOL_DEFAULT",   "MPOL_BIND",           "MPOL_INTERLEAVE", "MPOL_WEIGHTED_INTERLEAVE",
        "MPOL_PREFERRED", "MPOL_PREFERRED_MANY", "MPOL_LOCAL"};
    static constexpr std::array<std::string_view, 3> kFlags = {
        "MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES"};
    members.required("mode", policy.mode, {.words = kModes});
    members.optional("nodes", policy.nodes);
    members.optional("flags", policy.flags, {.words = kFlags});
    members.refuse_unless(policy.nodes.find_first_not_of("0123456789,-") == std::string::npos,
                          "nodes", "is not a list of nodes");
}

// The specification has a place for flags and defines none.
void describe(Members& members, Personality& personality) {
    static constexpr std::array<std::string_view, 2> kDomains = {"LINUX", "LINUX32"};
    std::vector<std::string> flags;
    members.required("domain", personality.domain, {.words = kDomains});
    members.optional("flags", flags);
    members.refuse_unless(flags.empty(), "flags", "has a flag, and none is defined");
}

}  // namespace sbx::oci
