#include <algorithm>

#include <sched.h>

#include "sandbox/places.h"

namespace sbx::sandbox {

// The ids of `subordinate`, one range after the other, from number `first` on, `count` of them.
static std::vector<os::IdRange> slice(const std::vector<os::SubordinateRange>& subordinate,
                                      std::uint32_t first, std::uint32_t count) {
    std::vector<os::IdRange> ranges;
    std::uint32_t inside = 0;
    for (const os::SubordinateRange& r : subordinate) {
        if (count == 0) break;
        const std::uint32_t skipped = std::min(first, r.count);
        const std::uint32_t taken = std::min(r.count - skipped, count);
        if (taken > 0)
            ranges.push_back({.inside = inside, .outside = r.start + skipped, .count = taken});
        first -= skipped;
        count -= taken;
        inside += taken;
    }
    return ranges;
}

// 0 to kept-1 are subordinate ids, `kept` is the person's own, then go the remaining subordinate
// ones. Each range stands within one of the ranges granted, as the kernel wants it.
static std::vector<os::IdRange> around(std::uint32_t kept, std::uint32_t own,
                                       const std::vector<os::SubordinateRange>& subordinate) {
    std::vector<os::IdRange> ranges = slice(subordinate, 0, kept);
    ranges.push_back({.inside = kept, .outside = own});
    for (os::IdRange r : slice(subordinate, kept, UINT32_MAX)) {
        r.inside += kept + 1;
        ranges.push_back(r);
    }
    return ranges;
}

static std::uint32_t total(const std::vector<os::SubordinateRange>& ranges) {
    std::uint32_t sum = 0;
    for (const os::SubordinateRange& r : ranges)
        sum += r.count;
    return sum;
}

static Result<os::IdMap> keep_id(const KeepId& keep, const Host& host) {
    if (host.privileged)
        return Error(Error::Kind::usage, "--userns keep-id is for users other than root");
    if (!has_id_range(host))
        return os::IdMap{.uids = {{.inside = keep.uid, .outside = host.uid}},
                         .gids = {{.inside = keep.gid, .outside = host.gid}},
                         .writer = os::IdMap::Writer::self};
    if (keep.uid > total(host.subuids) || keep.gid > total(host.subgids))
        return Error(Error::Kind::usage, "user {}, group {} lie beyond the {} ids granted to you",
                     keep.uid, keep.gid, total(host.subuids))
            .hint("a larger range goes into /etc/subuid and /etc/subgid");
    return os::IdMap{.uids = around(keep.uid, host.uid, host.subuids),
                     .gids = around(keep.gid, host.gid, host.subgids),
                     .writer = os::IdMap::Writer::helpers};
}

std::vector<os::IdRange> ranges_of(const std::vector<oci::IdMapping>& mappings) {
    std::vector<os::IdRange> ranges;
    ranges.reserve(mappings.size());
    for (const oci::IdMapping& m : mappings)
        ranges.push_back({.inside = m.container_id, .outside = m.host_id, .count = m.size});
    return ranges;
}

// Of two ranges, each of a first one and how many.
static bool meet(std::uint64_t a, std::uint64_t a_size, std::uint64_t b, std::uint64_t b_size) {
    return a < b + b_size && b < a + a_size;
}

static std::string_view why_not(const oci::IdMapping& m) {
    if (m.size == 0) return "maps no id";
    constexpr std::uint64_t kEnd = UINT32_MAX;  // the last is no id, but (uid_t)-1
    const bool fits =
        std::uint64_t{m.container_id} + m.size <= kEnd && std::uint64_t{m.host_id} + m.size <= kEnd;
    return fits ? "" : "goes beyond the last id there is, 4294967294";
}

static std::string_view why_not_both(const oci::IdMapping& a, const oci::IdMapping& b) {
    if (meet(a.container_id, a.size, b.container_id, b.size))
        return "maps ids of the container that another one maps";
    return meet(a.host_id, a.size, b.host_id, b.size) ? "maps ids of the host that another one maps"
                                                      : "";
}

Result<> check_mappings(const std::vector<oci::IdMapping>& mappings, std::string_view name) {
    for (std::size_t i = 0; i < mappings.size(); ++i) {
        std::string_view why = why_not(mappings[i]);
        for (std::size_t j = 0; j < i && why.empty(); ++j)
            why = why_not_both(mappings[i], mappings[j]);
        if (!why.empty()) return Error(Error::Kind::usage, "{}[{}] {}", name, i, why);
    }
    return {};
}

static bool is_one(const std::vector<os::IdRange>& ranges, std::uint32_t own) {
    return ranges.size() == 1 && ranges.front().outside == own && ranges.front().count == 1;
}

static Result<os::IdMap> specified_ids(const oci::Spec& spec, const Host& host) {
    if (spec.uid_mappings.empty() && spec.gid_mappings.empty()) return default_ids(host);
    TRY(check_mappings(spec.uid_mappings, "linux.uidMappings"));
    TRY(check_mappings(spec.gid_mappings, "linux.gidMappings"));
    os::IdMap ids{.uids = ranges_of(spec.uid_mappings), .gids = ranges_of(spec.gid_mappings)};
    if (ids.uids.empty() || ids.gids.empty())
        return Error(Error::Kind::usage, "{} ids are mapped and {} ids are not",
                     ids.uids.empty() ? "group" : "user", ids.uids.empty() ? "user" : "group");
    if (host.privileged)
        ids.writer = os::IdMap::Writer::privileged;
    else if (!is_one(ids.uids, host.uid) || !is_one(ids.gids, host.gid))
        ids.writer = os::IdMap::Writer::helpers;
    return ids;
}

static Result<os::IdMap> ids_for(const Request& request, const Host& host) {
    if (const auto* keep = std::get_if<KeepId>(&request.user_namespace))
        return keep_id(*keep, host);
    if (std::holds_alternative<AsSpecified>(request.user_namespace))
        return specified_ids(request.spec, host);
    return default_ids(host);
}

// One that a container of sbx's shares with another has ids that are known: that one was asked for
// the same. Nobody knows those of any other.
static bool knows_ids(const Request& request, const Plan& plan) {
    if ((plan.namespaces & CLONE_NEWUSER) != 0) return true;
    return is_own(plan, CLONE_NEWUSER) &&
           !std::holds_alternative<AsSpecified>(request.user_namespace);
}

Result<> place_ids(const Request& request, const Host& host, Plan& plan) {
    if (!knows_ids(request, plan)) {
        // One that is joined has its own; engines write some nevertheless, as runc wants to see
        // any.
        const bool mapped =
            !request.spec.uid_mappings.empty() || !request.spec.gid_mappings.empty();
        if (mapped && !is_own(plan, CLONE_NEWUSER))
            return Error(Error::Kind::usage,
                         "ids are mapped for a user namespace that is not made");
        plan.ids.writer = os::IdMap::Writer::privileged;
        return {};
    }
    plan.ids = TRY(ids_for(request, host));
    if (!has_id_range(host) && request.spec.uid_mappings.empty())
        plan.warnings.push_back(
            host.no_id_range.empty()
                ? "only one user exists in the container: you have no range in "
                  "/etc/subuid and /etc/subgid"
                : fmt::format("only one user exists in the container: {}", host.no_id_range));
    return {};
}

}  // namespace sbx::sandbox
